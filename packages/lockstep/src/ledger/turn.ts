import { randomUUID } from "node:crypto";
import { crashPoint } from "../crash-point.js";
import { type Database, isDataError, type Queryable } from "../database/index.js";
import { FencedError } from "../errors.js";
import { NIL_ID, type SqlTransaction, type Status, unstorableOutcome } from "../job/index.js";
import { claimLimited } from "./claim-limited.js";
import type { ReadyWakeUp } from "./feed-event.js";
import { QUEUE_START } from "./queue-start.js";
import {
  attemptParameter,
  completedParameters,
  isKept,
  lateParameter,
  othersParameter,
} from "./settlement.js";
import { statement } from "./statements.js";
import { attemptKey, outcomes, readyWakeUps, withoutRepetitions } from "./turn-outcomes.js";
import { claimedJob, type GrantedRow, sortRows, type TurnRow } from "./turn-row.js";
import type { WakeUpBus } from "./wake-up-bus.js";
import type {
  ClaimedJob,
  ClaimRequest,
  Cursor,
  Settlement,
  SettleReceipt,
  TurnResult,
} from "./worker-ledger.js";

const NOBODY = NIL_ID;
const TURN = { ...statement("turn"), dedicated: true, asArrays: true };

interface ClassifiedRow {
  readonly id: string;
  readonly attempt: number;
  readonly worker_id: string;
  readonly status: Status | null;
  readonly version: number | null;
  readonly already: boolean;
  /** Whether the worker ever had this attempt. */
  readonly granted: boolean;
}

/**
 * Settles and claims in one statement and one commit, then classifies the settlements that changed
 * nothing.
 */
export async function turn(
  database: Database,
  wakeUps: WakeUpBus,
  settlements: readonly Settlement[],
  claim: ClaimRequest | null,
): Promise<TurnResult> {
  try {
    return await turnOnce(database, wakeUps, settlements, claim);
  } catch (error) {
    if (settlements.length === 0 || !isDataError(error)) throw error;
    // One output that PostgreSQL refuses must fail alone: settle the other jobs without it, and
    // claim in the next turn.
    return {
      receipts: await settleSeparately(database, wakeUps, settlements, error),
      claimed: [],
      cursor: null,
    };
  }
}

async function turnOnce(
  database: Database,
  wakeUps: WakeUpBus,
  settlements: readonly Settlement[],
  claim: ClaimRequest | null,
): Promise<TurnResult> {
  crashPoint("turn: before it is sent");
  const { accepted, unsettled, ready, claimed, cursor, limited } = await execute(
    database,
    settlements,
    claim,
  );
  crashPoint("turn: committed, not read");
  const refused = unsettled.length === 0 ? [] : await classify(database, unsettled);
  if (accepted.length > 0) wakeUps.announce({ ready });
  // Runs after the settlements were committed, so the slots that they freed count.
  const held = limited && claim ? await claimLimited(database, claim) : null;
  const granted = held?.claimed ?? claimed;
  if (granted.length > 0) wakeUps.announce({});
  return {
    receipts: refused.length === 0 ? accepted : [...accepted, ...refused],
    claimed: granted,
    cursor: held ? QUEUE_START : cursor,
    ...(held?.waitMs == null ? {} : { more_in_ms: held.waitMs }),
  };
}

interface TurnAnswer {
  readonly accepted: SettleReceipt[];
  readonly unsettled: readonly Settlement[];
  readonly ready: readonly ReadyWakeUp[];
  readonly claimed: readonly ClaimedJob[];
  /** The last place that was claimed; null when nothing was. */
  readonly cursor: Cursor | null;
  /** The queue has limits, so nothing was claimed. */
  readonly limited: boolean;
}

async function execute(
  runner: Queryable,
  settlements: readonly Settlement[],
  claim: ClaimRequest | null,
): Promise<TurnAnswer> {
  const unique = withoutRepetitions(settlements);
  const completions = unique.filter(({ outcome }) => outcome.type === "completed");
  const others = unique.filter(({ outcome }) => outcome.type !== "completed");
  const after = claim?.after ?? QUEUE_START;
  const token = randomUUID();
  const { rows } = await runner.query<TurnRow>(TURN, [
    ...completedParameters(completions),
    others.length === 0 ? null : othersParameter(others),
    claim?.worker_id ?? NOBODY,
    token,
    claim?.queue ?? "",
    claim?.kinds ?? [],
    claim?.limit ?? 0,
    after.priority,
    after.ready_at,
    after.id,
  ]);
  const { granted, changed, settled, limited } = sortRows(rows);
  const last = granted.at(-1);
  return {
    ...outcomes(completions, others, settled, changed),
    ready: readyWakeUps(settled, changed),
    claimed: claim === null ? [] : claimedJobs(granted, claim, token),
    cursor: last ? { priority: last[4], ready_at: last[5], id: last[1] } : null,
    limited,
  };
}

function claimedJobs(
  granted: readonly GrantedRow[],
  { queue, worker_id }: ClaimRequest,
  claim_token: string,
): ClaimedJob[] {
  const shared = { queue, worker_id, actor: `worker:${worker_id}`, claim_token };
  return granted.map((row) => claimedJob(row, shared));
}

/**
 * Asks in a second statement what happened to settlements that changed nothing, and keeps finished
 * results that were fenced.
 */
async function classify(runner: Queryable, settlements: readonly Settlement[]): Promise<SettleReceipt[]> {
  const { rows } = await runner.query<ClassifiedRow>(statement("classify_settlements"), [
    attemptParameter(settlements),
  ]);
  const found = new Map(rows.map((row) => [attemptKey(row.id, row), row]));
  const rowOf = (settlement: Settlement) => found.get(attemptKey(settlement.job_id, settlement));
  const late = settlements.filter((settlement) => {
    const row = rowOf(settlement);
    return row?.granted && !row.already && isKept(settlement.outcome);
  });
  if (late.length > 0) {
    crashPoint("turn: before a late result is kept");
    await runner.query(statement("keep_late_results"), [lateParameter(late)]);
  }
  return settlements.map((settlement) => {
    const row = rowOf(settlement);
    const result = row?.already ? "already" : late.includes(settlement) ? "late" : "fenced";
    return {
      job_id: settlement.job_id,
      attempt: settlement.attempt,
      result,
      status: row?.status ?? null,
      version: row?.version ?? null,
    };
  });
}

async function settleSeparately(
  database: Database,
  wakeUps: WakeUpBus,
  settlements: readonly Settlement[],
  error: unknown,
): Promise<SettleReceipt[]> {
  const [only] = settlements;
  if (settlements.length === 1 && only !== undefined) {
    const message = error instanceof Error ? error.message : String(error);
    const outcome = unstorableOutcome(`PostgreSQL refused the handler's result: ${message}`);
    const { receipts } = await turnOnce(database, wakeUps, [{ ...only, outcome }], null);
    return receipts.map((receipt) =>
      receipt.result === "accepted" ? { ...receipt, result: "unstorable" } : receipt,
    );
  }
  const middle = Math.ceil(settlements.length / 2);
  const receipts: SettleReceipt[] = [];
  for (const half of [settlements.slice(0, middle), settlements.slice(middle)]) {
    receipts.push(...(await turn(database, wakeUps, half, null)).receipts);
  }
  return receipts;
}

/**
 * Runs the handler's own SQL and its completion in one transaction.
 * @throws FencedError when the attempt is no longer this worker's; nothing is written then
 */
export async function commitWith<T>(
  database: Database,
  wakeUps: WakeUpBus,
  attempt: Omit<Settlement, "outcome">,
  write: (tx: SqlTransaction) => Promise<{ output: string; value: T }>,
): Promise<T> {
  let freed: readonly ReadyWakeUp[] = [];
  let written: { readonly settlement: Settlement; readonly value: T } | null = null;
  const value = await database
    .transaction(async (tx) => {
      const { output, value } = await write(tx as unknown as SqlTransaction);
      written = { settlement: { ...attempt, outcome: { type: "completed", output } }, value };
      const { accepted, ready } = await execute(tx, [written.settlement], null);
      freed = ready;
      if (accepted.length === 0)
        throw new FencedError(
          `Attempt ${attempt.attempt} of job ${attempt.job_id} is no longer this worker's; nothing was written.`,
        );
      return value;
    })
    .catch(async (error: unknown) => {
      // A connection lost during the commit leaves the result unknown: ask whether the attempt was
      // settled.
      const maybe = written as { settlement: Settlement; value: T } | null;
      if (maybe === null || error instanceof FencedError || !(await isSettled(database, maybe.settlement)))
        throw error;
      return maybe.value;
    });
  wakeUps.announce({ ready: freed });
  return value;
}

async function isSettled(database: Database, settlement: Settlement): Promise<boolean> {
  const { rows } = await database.query<ClassifiedRow>(statement("classify_settlements"), [
    attemptParameter([settlement]),
  ]);
  return rows[0]?.already ?? false;
}
