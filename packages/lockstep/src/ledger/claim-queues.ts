import { randomUUID } from "node:crypto";
import type { Database } from "../database/index.js";
import { QUEUE_START } from "./queue-start.js";
import { statement } from "./statements.js";
import { type ClaimedRow, claimedFromRow } from "./turn-row.js";
import type { WakeUpBus } from "./wake-up-bus.js";
import type { ClaimedJob, Cursor, QueueClaim, QueuesClaim, QueuesClaimRequest } from "./worker-ledger.js";

type QueuesRow = ClaimedRow & { readonly place_ready_at: string; readonly limited_queue: string | null };

const STATEMENT = { ...statement("claim_queues"), dedicated: true };

/** Claims from several queues in one statement. @see WorkerLedger.claimQueues */
export async function claimQueues(
  database: Database,
  wakeUps: WakeUpBus,
  { worker_id, kinds, queues, perQueue, limit }: QueuesClaimRequest,
): Promise<QueuesClaim> {
  const cursors = queues.map(({ after }) => after ?? QUEUE_START);
  const { rows } = await database.query<QueuesRow>(STATEMENT, [
    worker_id,
    randomUUID(),
    kinds,
    queues.map(({ name }) => name),
    cursors.map(({ priority }) => priority),
    cursors.map(({ ready_at }) => ready_at),
    cursors.map(({ id }) => id),
    perQueue,
    limit,
  ]);
  const claimed: ClaimedJob[] = [];
  const limited = new Set<string>();
  const found = new Map<string, { claimed: number; cursor: Cursor }>();
  for (const { place_ready_at, limited_queue, ...row } of rows) {
    if (limited_queue !== null) limited.add(limited_queue);
    else {
      const { id, queue, priority } = row;
      found.set(queue, {
        claimed: (found.get(queue)?.claimed ?? 0) + 1,
        cursor: { priority, ready_at: place_ready_at, id },
      });
      claimed.push(claimedFromRow(row));
    }
  }
  if (claimed.length > 0) wakeUps.announce({});
  // When the limit was reached, the queues after the last job were not scanned.
  const last = claimed.length < limit ? undefined : claimed.at(-1)?.queue;
  const reached = last === undefined ? queues.length : queues.findIndex(({ name }) => name === last) + 1;
  return {
    claimed,
    queues: queues.map(({ name }, place): QueueClaim => {
      const { claimed: count = 0, cursor = null } = found.get(name) ?? {};
      if (limited.has(name)) return { name, result: "limited" };
      if (place >= reached) return { name, result: "not scanned" };
      const isFull = count >= perQueue || name === last;
      return { name, result: "scanned", claimed: count, isFull, cursor };
    }),
  };
}
