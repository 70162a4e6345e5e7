import type { Status } from "lockstep/internal/job";
import type { ViewWriter } from "./writer.js";

/**
 * A place that shows the status of jobs: a table, a queue, a hash, an endpoint. Probing one has three answers, and the third, that
 * nobody knows, is never taken for the second.
 */
export interface View {
  /** As the configuration calls it. */
  readonly name: string;
  readonly type: string;
  readonly traits: ViewTraits;
  /**
   * Looks whether it can be read, and is what the configuration says.
   * @throws LockstepError VIEW_UNREADABLE when it cannot be reached, VIEW_MISMATCH when it is something else
   */
  examine(): Promise<Examination>;
  /** Every job, page by page (500 to 5,000 a page), in any order. An id may come twice; one that comes and goes may be missed. */
  pages(signal: AbortSignal): AsyncIterable<readonly ListedJob[]>;
  /** The same, ids only, where that is cheaper than parsing what they stand for. */
  idPages(signal: AbortSignal): AsyncIterable<readonly string[]>;
  /** What it shows of these jobs (at most 5,000), by asking for each. Every id has an answer. A store that cannot be read throws. */
  summaries(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Summary>>>;
  /** The same with everything that is known of them; used for the few jobs that may be wrong. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Value>>>;
  /** null: it can only be read. */
  readonly writer: ViewWriter | null;
  /** Closes what this view alone has opened. Connections of `ViewStores` are closed by their owner. */
  close(): Promise<void>;
}

export interface ViewTraits {
  /**
   * `queue`: says what became of the job where it ran. `surface`: shows what it was told (an endpoint, a copy), and is no evidence
   * against the record.
   */
  readonly role: "queue" | "surface";
  /** `silent`: entries expire or are removed by themselves, so that one that is missing says nothing. */
  readonly absence: "meaningful" | "silent";
  /** It can tell whether a running job's lock or heartbeat is alive. */
  readonly knowsLocks: boolean;
  /** It keeps results, so that a finished job without one lacks something. */
  readonly keepsResults: boolean;
  /** Only its owner may change it: Lockstep's own ledger. */
  readonly isAuthority: boolean;
  /** Its words are Lockstep's own, so there is no mapping that could be wrong. */
  readonly hasFixedWords?: true;
}

export interface Examination {
  /** About how many jobs it has; null: unknown. */
  readonly countEstimate: number | null;
  /** Why nothing may be repaired here (a replica, no primary key, no writer); null: nothing speaks against it. */
  readonly writeObstacle: string | null;
  /** What a reader of the report should know, such as an assumption about time zones. */
  readonly notes: readonly string[];
}

export interface ListedJob {
  readonly id: string;
  readonly answer: Answer<Summary>;
}

export type Answer<V> = V | Absent | Unknown;

/** It was asked for, and is not there. */
export interface Absent {
  readonly state: "absent";
}

/** There is something that cannot be understood (not JSON, another type of key), or nobody could be asked. */
export interface Unknown {
  readonly state: "unknown";
  /** `store`: it could not be read, so the whole check has no answer. `value`: this one is skipped and listed. */
  readonly of: "store" | "value";
  readonly why: string;
}

export const ABSENT: Absent = { state: "absent" };

/** What is needed of every job, and no more: millions of these are made. */
export interface Summary {
  readonly state: "value";
  /** The status word as the store has it. */
  readonly word: string;
  /** null: the configuration does not map the word. */
  readonly status: Status | null;
  /** Parsed. undefined: it has none. Only looked at when the status is `completed`. */
  readonly result?: unknown;
  /** Of a running job. undefined: this view cannot tell. */
  readonly lock?: "held" | "gone" | undefined;
  /** Of a pending job: whether a worker can come to take it. undefined: this view cannot tell. */
  readonly isQueued?: boolean | undefined;
  /** Another text for another state of the job, where two views are of the same program. undefined: this view has none. */
  readonly revision?: string | undefined;
  /** It ended so long ago that copies of it may have expired: a view that lacks it may be right to. */
  readonly mayHaveLeft?: boolean | undefined;
  /** A copy that shows another result or error than its program's own record has of the same version. */
  readonly isAltered?: boolean | undefined;
  /** There is something in its place that nobody can read, though only this program writes there. Its status is null then. */
  readonly isCorrupt?: boolean | undefined;
}

/** Everything a view knows of one job. Times are RFC 3339 in UTC, to the millisecond or finer. */
export interface Value extends Summary {
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly updatedAt: string | null;
  /** The result and the error as JSON text, digit by digit as the store has them: what a repair copies. undefined: it has none. */
  readonly resultJson?: string | undefined;
  readonly errorJson?: string | undefined;
  readonly attempt: number | null;
  /** Short sentences a person can check: "in the list scan_jobs:processing", "expires in 3 h". */
  readonly evidence: readonly string[];
  /** Another text whenever anything stored of this job is another: what a write compares with. */
  readonly fingerprint: string;
  /** What is stored, as JSON, complete enough to put it back exactly. Only kept in the journal. */
  readonly beforeImage: unknown;
}
