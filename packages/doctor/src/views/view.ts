import type { Status } from "lockstep/internal/job";
import type { ViewWriter } from "./writer.js";

/**
 * A place that shows the status of jobs: a table, a queue, a hash, an endpoint. A probe has three
 * answers: value, absent or unknown. Unknown is never treated as absent.
 */
export interface View {
  /** The view's name in the configuration. */
  readonly name: string;
  readonly type: string;
  readonly traits: ViewTraits;
  /**
   * Checks that the view can be read and is what the configuration says.
   * @throws LockstepError VIEW_UNREADABLE when it cannot be reached, VIEW_MISMATCH when it is
   *   something else
   */
  examine(): Promise<Examination>;
  /**
   * All jobs, page by page (500 to 5,000 per page), in any order. An id may come twice; a job that
   * is added or removed meanwhile may be missed.
   */
  pages(signal: AbortSignal): AsyncIterable<readonly ListedJob[]>;
  /** Like `pages`, with ids only, where that is cheaper than parsing the jobs. */
  idPages(signal: AbortSignal): AsyncIterable<readonly string[]>;
  /**
   * Looks up these jobs (at most 5,000) by id. Every id has an answer. Throws when the store cannot
   * be read.
   */
  summaries(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Summary>>>;
  /** Like `summaries`, with everything that is known; used for the few suspect jobs. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Value>>>;
  /** null: the view can only be read. */
  readonly writer: ViewWriter | null;
  /**
   * Closes what this view has opened itself. Connections of `ViewStores` are closed by their owner.
   */
  close(): Promise<void>;
}

export interface ViewTraits {
  /**
   * `queue`: shows the outcome of the job where it ran. `surface`: only displays a status (an
   * endpoint, a copy), and is no evidence against the record.
   */
  readonly role: "queue" | "surface";
  /** `silent`: entries expire or are removed automatically, so a missing entry proves nothing. */
  readonly absence: "meaningful" | "silent";
  /** Whether the view shows if a running job's lock or heartbeat is live. */
  readonly knowsLocks: boolean;
  /** Whether the view keeps results, so that a finished job without one is incomplete. */
  readonly keepsResults: boolean;
  /** Whether only its owner may change it, as for Lockstep's own ledger. */
  readonly isAuthority: boolean;
  /** Whether its words are Lockstep's own, so that there is no mapping that could be wrong. */
  readonly hasFixedWords?: true;
}

export interface Examination {
  /** Estimated number of jobs; null: unknown. */
  readonly countEstimate: number | null;
  /**
   * Why nothing may be repaired here (a replica, no primary key, no writer); null: repairs are
   * allowed.
   */
  readonly writeObstacle: string | null;
  /** Notes for the report, such as an assumption about time zones. */
  readonly notes: readonly string[];
}

export interface ListedJob {
  readonly id: string;
  readonly answer: Answer<Summary>;
}

export type Answer<V> = V | Absent | Unknown;

/** The job was looked up and does not exist in the view. */
export interface Absent {
  readonly state: "absent";
}

/** The value cannot be parsed (not JSON, another type of key), or the store could not be read. */
export interface Unknown {
  readonly state: "unknown";
  /**
   * `store`: the store could not be read, so the whole check is unknown. `value`: only this value
   * is skipped and listed.
   */
  readonly of: "store" | "value";
  readonly why: string;
}

export const ABSENT: Absent = { state: "absent" };

/** Only what is needed for every job, because millions of these are created. */
export interface Summary {
  readonly state: "value";
  /** The status word as stored. */
  readonly word: string;
  /** null: the configuration does not map the word. */
  readonly status: Status | null;
  /** The parsed result. undefined: none. Only used when the status is `completed`. */
  readonly result?: unknown;
  /** The lock of a running job. undefined: the view does not show it. */
  readonly lock?: "held" | "gone" | undefined;
  /** For a pending job: whether a worker can find it. undefined: the view does not show it. */
  readonly isQueued?: boolean | undefined;
  /**
   * A text that differs for each state of the job, where two views belong to the same program.
   * undefined: the view has none.
   */
  readonly revision?: string | undefined;
  /**
   * The job ended so long ago that copies of it may have expired, so a view without it may be
   * right.
   */
  readonly mayHaveLeft?: boolean | undefined;
  /**
   * The copy shows a different result or error than its program's own record has for the same
   * version.
   */
  readonly isAltered?: boolean | undefined;
  /** The value cannot be read, although only this program writes there. Its status is then null. */
  readonly isCorrupt?: boolean | undefined;
}

/**
 * Everything a view knows about one job. Times are RFC 3339 in UTC, to the millisecond or finer.
 */
export interface Value extends Summary {
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly updatedAt: string | null;
  /**
   * The result and the error as JSON text, with exactly the stored digits. A repair copies them.
   * undefined: none.
   */
  readonly resultJson?: string | undefined;
  readonly errorJson?: string | undefined;
  readonly attempt: number | null;
  /**
   * Short statements that a person can check: "in the list scan_jobs:processing", "expires in 3 h".
   */
  readonly evidence: readonly string[];
  /** A text that differs whenever anything stored for this job differs. A write compares it. */
  readonly fingerprint: string;
  /** The stored data as JSON, complete enough to restore it exactly. Kept only in the journal. */
  readonly beforeImage: unknown;
}
