import { type Reason, type Status, TRANSITIONS } from "lockstep/internal/job";
import type { Model, Step } from "./explore.js";
import * as acts from "./jobs-acts.js";

/** A row of the ledger, with the columns that the protocol uses. */
export interface Row {
  readonly status: Status | "none";
  readonly reason: Reason | "none";
  readonly version: number;
  readonly attempt: number;
  readonly worker: string;
  readonly failures: number;
  readonly losses: number;
  readonly cancel: boolean;
  /** The attempt when this run began: results of earlier runs do not belong to this run. */
  readonly runBegan: number;
  readonly endsInRun: number;
  /** The attempt whose progress it shows; 0: none. */
  readonly progressOf: number;
  /** Bits: attempts whose result was recorded, or kept with the job. */
  readonly recorded: number;
  /** How many jobs have its key. */
  readonly copies: number;
}

/** A settlement: the outcome of an attempt. */
export interface Letter {
  readonly job: number;
  readonly attempt: number;
  readonly worker: string;
  readonly type: "completed" | "failed" | "released";
  readonly spooled: boolean;
}

export interface WorkerState {
  readonly id: string;
  readonly lives: number;
  readonly up: boolean;
  /** SIGSTOP: it does nothing, and does not know it. */
  readonly stopped: boolean;
  /** Its heartbeat is older than the lease. */
  readonly silent: boolean;
  /** The database was away, so its silence is not its fault. */
  readonly blameless: boolean;
  readonly slot: { readonly job: number; readonly attempt: number } | null;
  readonly unsettled: readonly Letter[];
}

export interface JobsState {
  readonly rows: readonly Row[];
  readonly submits: readonly ("none" | "lost" | "acknowledged")[];
  readonly workers: readonly WorkerState[];
  /** Outcomes on the disk of dead workers. */
  readonly spool: readonly Letter[];
  /** A request that is still on its way after its sender gave up. */
  readonly wire: readonly Letter[];
  /** What a process read and has not used yet; only careless protocols do that. */
  readonly seen: readonly {
    readonly by: string;
    readonly job: number;
    readonly version: number;
    readonly attempt: number;
  }[];
  /** Whether the sweeper may take jobs. */
  readonly isGraceOver: boolean;
  /**
   * Bits for each job: attempts whose handler started, returned, and whose result reached a disk.
   */
  readonly started: readonly number[];
  readonly returned: readonly number[];
  readonly saved: readonly number[];
  readonly left: Budget;
}

/** How often each fault may still happen. */
export interface Budget {
  readonly crash: number;
  readonly stop: number;
  readonly outage: number;
  readonly hold: number;
  readonly loss: number;
  readonly cancel: number;
  readonly requeue: number;
  readonly timeout: number;
}

/** One guard of the protocol removed. */
export type JobsMutant =
  | "settle without the attempt"
  | "settle without the status"
  | "settle by id alone"
  | "a late result into any pending job"
  | "claim decided in a SELECT"
  | "claim keeps the attempt"
  | "sweep decided in a SELECT"
  | "sweep without looking at the heartbeat again"
  | "no grace period after an outage"
  | "acknowledge a submit before its commit"
  | "submit without a key"
  | "cancel without looking at the status"
  | "requeue without the version"
  | "requeue resets the attempt"
  | "swallow the error of a settle"
  | "never look for lost claims"
  | "empty the spool before the answer"
  | "progress without the fence"
  | "a request to cancel does not count as a version"
  | "spools of dead workers are not read"
  | "a late result is dropped";

export interface JobsBounds {
  readonly jobs: number;
  readonly workers: number;
  readonly left: Budget;
}

const ATTEMPTS_MAX = 8;

export function jobsModel(
  bounds: JobsBounds,
  mutant: JobsMutant | null,
  taken = new Set<string>(),
): Model<JobsState> {
  return {
    name: `jobs (${bounds.jobs} jobs, ${bounds.workers} workers)`,
    initial: initial(bounds),
    *steps(state) {
      for (const { what, next, fault } of acts.allSteps(state, mutant))
        yield { what, next, fault: fault ?? illegal(state, next, taken) } satisfies Step<JobsState>;
    },
    wrong,
    isSettled,
  };
}

function initial({ jobs, workers, left }: JobsBounds): JobsState {
  const row: Row = {
    status: "none",
    reason: "none",
    version: 0,
    attempt: 0,
    worker: "",
    failures: 0,
    losses: 0,
    cancel: false,
    runBegan: 0,
    endsInRun: 0,
    progressOf: 0,
    recorded: 0,
    copies: 0,
  };
  const each = <T>(value: T) => Array.from({ length: jobs }, () => value);
  return {
    rows: each(row),
    submits: each("none"),
    workers: Array.from({ length: workers }, (_, index) => ({
      id: `w${index}`,
      lives: 1,
      up: true,
      stopped: false,
      silent: false,
      blameless: false,
      slot: null,
      unsettled: [],
    })),
    spool: [],
    wire: [],
    seen: [],
    isGraceOver: true,
    started: each(0),
    returned: each(0),
    saved: each(0),
    left,
  };
}

const LEGAL = new Set(TRANSITIONS.map(({ from, to, reason }) => `${from ?? "none"}>${to}:${reason}`));

/** Every change of a row is in the transition table, and is one version. */
function illegal(before: JobsState, after: JobsState, taken: Set<string>): string | null {
  for (const [index, row] of after.rows.entries()) {
    const old = before.rows[index];
    if (!old || row === old) continue;
    const changed = row.status !== old.status || row.cancel !== old.cancel || row.attempt !== old.attempt;
    if (!changed) {
      if (row.version !== old.version) return `a version without a change: ${old.version} to ${row.version}`;
      continue;
    }
    const name = `${old.status}>${row.status}:${row.reason}`;
    if (!LEGAL.has(name)) return `a transition that is not in the table: ${name}`;
    taken.add(name);
    if (row.version !== old.version + 1) return `version ${old.version} to ${row.version} with ${name}`;
    if (row.attempt < old.attempt) return `attempt ${old.attempt} to ${row.attempt}`;
  }
  return null;
}

function wrong(state: JobsState): string | null {
  for (const [index, row] of state.rows.entries()) {
    if (state.submits[index] === "acknowledged" && row.status === "none")
      return "an accepted job does not exist";
    if (row.copies > 1) return "two jobs for one key";
    if (row.endsInRun > 1) return "a run ended twice";
    if (row.progressOf !== 0 && row.progressOf !== row.attempt)
      return "the progress of another attempt is shown";
    if (row.status === "completed" && ((state.returned[index] ?? 0) & (1 << row.attempt)) === 0)
      return "completed by an attempt whose handler has not returned";
    if (row.status === "completed" && row.attempt <= row.runBegan)
      return "completed by a result of an earlier run";
    if (row.attempt > ATTEMPTS_MAX) return "more attempts than the budget allows";
    const running = state.workers.filter(({ up, slot }) => up && slot?.job === index);
    if (new Set(running.map(({ slot }) => slot?.attempt)).size < running.length)
      return "one attempt runs in two places";
  }
  return null;
}

/**
 * Everything accepted has finished, nothing is on its way, and what reached a disk is recorded or
 * kept.
 */
function isSettled(state: JobsState): boolean {
  if (state.spool.length + state.wire.length + state.seen.length > 0) return false;
  if (state.workers.some(({ unsettled, slot }) => unsettled.length > 0 || slot !== null)) return false;
  return state.rows.every((row, index) => {
    const isKept = ((state.saved[index] ?? 0) & ~row.recorded) === 0;
    return isKept && (row.status === "completed" || row.status === "failed" || row.status === "cancelled");
  });
}
