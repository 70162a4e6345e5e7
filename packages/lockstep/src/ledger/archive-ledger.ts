import type { Job, TransitionRecord } from "../job/index.js";
import type { LateResult, LogLine } from "./read-models.js";

/** Everything that is known of a finished job, as one line of an archive file holds it. */
export interface ArchiveRecord {
  readonly schema: "lockstep.archived-job/1";
  readonly job: Omit<Job, "source" | "as_of">;
  readonly idempotency_key: string | null;
  /** SHA-256 of the request, hex. */
  readonly request_hash: string | null;
  readonly traceparent: string | null;
  readonly transitions: readonly TransitionRecord[];
  readonly late_results: readonly LateResult[];
  /** The newest lines: at most 1,000, and 64 KiB of messages. */
  readonly logs: readonly LogLine[];
  /** Whether older lines were left out. */
  readonly logs_cut: boolean;
}

/** Where a job's record lies: a line of a member of a file. */
export interface ArchivePlace {
  readonly file: string;
  /** Of the member in the file, in bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** In the member, counted from 0. */
  readonly line: number;
}

/** Reads a record back. null: the file is not there, or is not readable. */
export type ReadArchive = (place: ArchivePlace) => Promise<ArchiveRecord | null>;

/** A finished job that the walk has come by. */
export interface ArchiveCandidate {
  readonly id: string;
  readonly version: number;
  readonly finished_at: string;
  /** Of its payloads and its history's, as the database stores them. */
  readonly stored_bytes: number;
  /** Whether a reader of the feed, or an open transaction, may not have seen all of its history. */
  readonly held: boolean;
}

export interface ArchivePage {
  /** In the order of ids. */
  readonly candidates: readonly ArchiveCandidate[];
  /** How many jobs were looked at, archivable or not. */
  readonly examined: number;
  /** Go on from here; null at the end. */
  readonly next: string | null;
}

export interface ArchiveFile {
  readonly name: string;
  /** Where it was put, for people. */
  readonly store: string;
  readonly jobs: number;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** A job whose record is in a file. */
export interface ArchiveEntry {
  readonly id: string;
  readonly version: number;
  /** How many late results the record holds. */
  readonly lateResults: number;
  readonly place: ArchivePlace;
}

/** A reader of the feed that the archive waits for. */
export interface FeedReader {
  readonly name: string;
  readonly updated_at: string;
  readonly silent_seconds: number;
}

/** What the archive reads and changes in the ledger. A job leaves only through `commit`, which keeps how it ended. */
export interface ArchiveLedger {
  /**
   * Takes or renews the right to archive, which one process has at a time.
   * @param options.restSeconds only when no run ended within so many seconds
   * @returns the database's clock in milliseconds; null when another has the right, or it is too early
   */
  begin(options: {
    readonly runner: string;
    readonly holdSeconds: number;
    readonly restSeconds?: number;
  }): Promise<number | null>;
  /** The database's clock in milliseconds. */
  now(): Promise<number>;
  /** @param completed whether the run came to its end */
  end(runner: string, completed: boolean): Promise<void>;
  /** One page of the walk over all jobs made before some time. */
  page(walk: ArchiveWalk): Promise<ArchivePage>;
  /** The records of those that are still there and finished, by id. */
  records(ids: readonly string[]): Promise<readonly ArchiveRecord[]>;
  /**
   * Replaces jobs by how they ended and where their records are. Call it once the files are safe.
   * @returns how many: one that changed since its record was read stays
   */
  commit(
    files: readonly ArchiveFile[],
    entries: readonly ArchiveEntry[],
    finishedBefore: string,
  ): Promise<number>;
  /** The farthest behind first. */
  readers(): Promise<readonly FeedReader[]>;
}

export interface ArchiveWalk {
  /** The last id seen; null at the beginning. */
  readonly after: string | null;
  /** RFC 3339. */
  readonly finishedBefore: string;
  /** Jobs to look at: the cost of one page. */
  readonly examinedMax: number;
  readonly candidatesMax: number;
}
