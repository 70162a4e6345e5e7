import type { Database, Queryable } from "../database/index.js";
import { type Json, NIL_ID, PRIORITY_MIN, type SqlTransaction, type Status } from "../job/index.js";
import type { FeedPosition } from "./feed-event.js";
import { statement } from "./statements.js";

/** The data from which a job's entry in BullMQ is built. */
export interface BridgedJob {
  readonly id: string;
  readonly kind: string;
  readonly queue: string;
  readonly status: Status;
  readonly version: number;
  readonly priority: number;
  readonly max_attempts: number;
  readonly input: Json;
  readonly created_at: string;
  /** Milliseconds until the job may run, by the database's clock; 0 when it may run now. */
  readonly due_in_ms: number;
  /** The BullMQ options the job was submitted with; null when there were none. */
  readonly options: Readonly<Record<string, Json>> | null;
}

/** Where a walk over a queue's pending jobs is: first the claimable jobs, then the waiting ones. */
export type WalkPosition =
  | { readonly part: "claimable"; readonly priority: number; readonly at: string; readonly id: string }
  | { readonly part: "delayed"; readonly at: string; readonly id: string };

export const WALK_START: WalkPosition = {
  part: "claimable",
  priority: PRIORITY_MIN,
  at: "-infinity",
  id: NIL_ID,
};

export interface WalkPage {
  readonly ids: readonly string[];
  /** null: the walk has ended. */
  readonly next: WalkPosition | null;
}

export interface RelayLease {
  /** The queue's name in BullMQ, as `bullmq:<prefix>:<queue>`. */
  readonly name: string;
  /** The process that holds the lease. */
  readonly holder: string;
  readonly seconds: number;
  /** The queue in the ledger. */
  readonly queue: string;
}

/** What the bridge to BullMQ stores and reads beside the ledger. It changes no job. */
export interface BridgeStore {
  /** Stores the BullMQ options of new jobs, in the transaction that submits them. */
  keepOptions(
    tx: SqlTransaction,
    entries: readonly { readonly jobId: string; readonly options: Json }[],
  ): Promise<void>;
  read(ids: readonly string[]): Promise<readonly BridgedJob[]>;
  /**
   * The ids of a queue's pending jobs, one page at a time. A job that becomes ready during the walk
   * may be missed.
   */
  walk(queue: string, after: WalkPosition, limit: number): Promise<WalkPage>;
  /** Records entries that BullMQ had lost and that were added again. */
  noteAdded(queue: string, ids: readonly string[]): Promise<void>;
  /**
   * Takes or renews the lease of the one process that copies a queue of the ledger.
   * @returns null while another process holds it; otherwise the position of the last holder, if
   *   known
   */
  hold(lease: RelayLease): Promise<{ readonly position: FeedPosition | null } | null>;
  leave(name: string, holder: string): Promise<void>;
  savePosition(name: string, position: FeedPosition): Promise<void>;
  /** The queues that a bridge copies or has copied. */
  relays(): Promise<readonly Pick<RelayLease, "queue" | "name">[]>;
  /** Runs a function in a transaction of its own. */
  transaction<T>(work: (tx: SqlTransaction) => Promise<T>): Promise<T>;
}

export function openBridgeStore(database: Database): BridgeStore {
  return {
    async keepOptions(tx, entries) {
      if (entries.length === 0) return;
      const ids = entries.map(({ jobId }) => jobId);
      const options = entries.map((entry) => JSON.stringify(entry.options));
      await tx.query(statement("keep_bullmq_options").text, [ids, options]);
    },
    async read(ids) {
      if (ids.length === 0) return [];
      return (await database.query<BridgedJob>(statement("bullmq_jobs"), [ids])).rows;
    },
    walk: (queue, after, limit) => walk(database, queue, after, limit),
    async noteAdded(queue, ids) {
      if (ids.length > 0) await database.query(statement("add_bullmq_writes"), [`bullmq:${queue}`, ids]);
    },
    async hold({ name, holder, seconds, queue }) {
      const { rows } = await database.query<{ position: FeedPosition | null }>(
        statement("hold_bullmq_relay"),
        [name, holder, seconds, queue],
      );
      return rows[0] ?? null;
    },
    leave: async (name, holder) =>
      void (await database.query(statement("leave_bullmq_relay"), [name, holder])),
    savePosition: async (name, position) =>
      void (await database.query(statement("save_feed_cursor"), [name, position])),
    relays: async () =>
      (await database.query<Pick<RelayLease, "queue" | "name">>(statement("bullmq_relays"))).rows,
    transaction: (work) => database.transaction((tx) => work(asSqlTransaction(tx))),
  };
}

async function walk(
  database: Database,
  queue: string,
  after: WalkPosition,
  limit: number,
): Promise<WalkPage> {
  if (after.part === "claimable") {
    const { rows } = await database.query<{ id: string; priority: number; ready_at: string }>(
      statement("bullmq_claimable"),
      [queue, after.priority, after.at, after.id, limit],
    );
    const last = rows.length === limit ? rows.at(-1) : undefined;
    const next: WalkPosition = last
      ? { part: "claimable", priority: last.priority, at: last.ready_at, id: last.id }
      : { part: "delayed", at: "-infinity", id: NIL_ID };
    return { ids: rows.map((row) => row.id), next };
  }
  const { rows } = await database.query<{ id: string; run_at: string }>(statement("bullmq_delayed"), [
    queue,
    after.at,
    after.id,
    limit,
  ]);
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return {
    ids: rows.map((row) => row.id),
    next: last ? { part: "delayed", at: last.run_at, id: last.id } : null,
  };
}

function asSqlTransaction(tx: Queryable): SqlTransaction {
  return { query: (text, values = []) => tx.query(text, values) };
}
