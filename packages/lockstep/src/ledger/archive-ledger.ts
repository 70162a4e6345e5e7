import type { Job, TransitionRecord } from "../job/index.js";
import type { LateResult, LogLine } from "./read-models.js";

/** Everything the ledger knows about a finished job, as one line of an archive file stores it. */
export interface ArchiveRecord {
  readonly schema: "lockstep.archived-job/1";
  readonly job: Omit<Job, "source" | "as_of">;
  readonly traceparent: string | null;
  readonly transitions: readonly TransitionRecord[];
  readonly late_results: readonly LateResult[];
  /** The newest lines: at most 1,000, and 64 KiB of messages. */
  readonly logs: readonly LogLine[];
  /** Whether older lines were left out. */
  readonly logs_cut: boolean;
}

/** Where a job's record is: one line of one member of a file. */
export interface ArchivePlace {
  readonly file: string;
  /** Offset of the member in the file, in bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** Line number within the member, counted from 0. */
  readonly line: number;
}

/** Reads a record back. Returns null when the file is missing or not readable. */
export type ReadArchive = (place: ArchivePlace) => Promise<ArchiveRecord | null>;

/** A finished job that the walk found. */
export interface ArchiveCandidate {
  readonly id: string;
  readonly version: number;
  readonly finished_at: string;
  /** Size of its payloads and of the payloads in its history, as the database stores them. */
  readonly stored_bytes: number;
  /** Whether a feed reader or an open transaction may not have seen its whole history yet. */
  readonly held: boolean;
}

export interface ArchivePage {
  /** In the order of ids. */
  readonly candidates: readonly ArchiveCandidate[];
  /** How many jobs were examined, archivable or not. */
  readonly examined: number;
  /** Continue from here; null at the end. */
  readonly next: string | null;
}

export interface ArchiveFile {
  readonly name: string;
  /** Where the file was stored, for people to read. */
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

/** A feed reader that the archive waits for. */
export interface FeedReader {
  readonly name: string;
  readonly updated_at: string;
  readonly silent_seconds: number;
}

/**
 * What the archive reads and changes in the ledger. A job leaves only through `commit`, which keeps
 * how the job ended.
 */
export interface ArchiveLedger {
  /**
   * Takes or renews the right to archive. Only one process has it at a time.
   * @param options.restSeconds take it only when no run ended within this many seconds
   * @returns the database's clock in milliseconds; null when another process has the right, or it
   *   is too early
   */
  begin(options: {
    readonly runner: string;
    readonly holdSeconds: number;
    readonly restSeconds?: number;
  }): Promise<number | null>;
  /** The database's clock in milliseconds. */
  now(): Promise<number>;
  /** @param completed whether the run finished */
  end(runner: string, completed: boolean): Promise<void>;
  /** One page of the walk over all jobs created before a given time. */
  page(walk: ArchiveWalk): Promise<ArchivePage>;
  /** The records of the jobs that still exist and are finished, ordered by id. */
  records(ids: readonly string[]): Promise<readonly ArchiveRecord[]>;
  /**
   * Replaces jobs by rows that keep how they ended and where their records are. Call it only after
   * the files are stored safely.
   * @returns how many jobs were replaced; a job that changed since its record was read stays
   */
  commit(
    files: readonly ArchiveFile[],
    entries: readonly ArchiveEntry[],
    finishedBefore: string,
  ): Promise<number>;
  /** Readers, the farthest behind first. */
  readers(): Promise<readonly FeedReader[]>;
}

export interface ArchiveWalk {
  /** The last id seen; null at the beginning. */
  readonly after: string | null;
  /** RFC 3339. */
  readonly finishedBefore: string;
  /** Jobs to examine: the cost of one page. */
  readonly examinedMax: number;
  readonly candidatesMax: number;
}
