import type { CopyOutcome, Status } from "../job/index.js";
import type { FeedPosition } from "./feed-event.js";

/** What the ledger's database stores about the projection. */
export interface ProjectionState {
  /** This ledger's id. */
  readonly ledger: string;
  /** The database's clock: milliseconds since 1970. */
  readonly clockMs: number;
  /** The feed that positions belong to; another one after a restore or a failover. */
  readonly feed: string;
  /** null: there has never been a projection. */
  readonly recorded: {
    readonly generation: string;
    readonly epoch: number;
    readonly feed: string;
    readonly rebuilding: boolean;
  } | null;
  /** The stored cursor; null when it was never stored, or was not saved for a day. */
  readonly cursor: FeedPosition | null;
}

/** A page of the feed, grouped by job. */
export interface ChangePage {
  /**
   * versions: the job's transitions in the page as JSON pairs `[version,"status"]`, oldest first,
   * separated by commas.
   */
  readonly jobs: readonly { readonly id: string; readonly versions: string }[];
  readonly events: number;
  readonly completed: number;
  /** Age of the oldest transition of the page, in seconds. */
  readonly oldestSeconds: number;
  /** Continue from here. */
  readonly position: FeedPosition;
  readonly more: boolean;
}

/**
 * A job as the projection shows it. Its values are kept as the database returns them, because there
 * can be a hundred thousand per second.
 */
export interface ProjectedRow {
  readonly id: string;
  readonly status: Status;
  readonly version: number;
  /** The members of its JSON after status and version, without braces. */
  readonly members: string;
  /** null: not finished. 0 or less: no longer kept. */
  readonly ttl_ms: number | null;
  /**
   * Size in bytes of the output or error. `payload` is its JSON text, null when it is larger than
   * requested or does not exist.
   */
  readonly payload_bytes: number;
  readonly payload: string | null;
}

/** What a job's copy must show as output or error. */
export interface ProjectedOutcome extends CopyOutcome {
  readonly id: string;
}

export interface ScanPage {
  /** The last job visited; null at the end of the ledger. */
  readonly lastId: string | null;
  /** The ids of the visited jobs to keep. */
  readonly ids: readonly string[];
}

/**
 * The connection of the only projector. It holds the lock, and everything is read through it, so a
 * process that lost the lock can read nothing more.
 */
export interface ProjectionSession {
  /**
   * @throws Error when another backend answers: there is a pooler in between, and the lock means
   *   nothing
   */
  state(): Promise<ProjectionState>;
  /** @returns false when a later epoch is already recorded */
  begin(rebuild: {
    readonly generation: string;
    readonly epoch: number;
    readonly feed: string;
  }): Promise<boolean>;
  finish(generation: string): Promise<void>;
  now(): Promise<FeedPosition>;
  /** @returns null when the position is not from this feed or is too old */
  changes(position: FeedPosition, limit: number): Promise<ChangePage | null>;
  scan(afterId: string | null, limit: number): Promise<ScanPage>;
  /** Payloads over 16 KiB are left out. */
  values(ids: readonly string[]): Promise<readonly ProjectedRow[]>;
  /** @param payloadBytesMax larger payloads are left out */
  largeValues(ids: readonly string[], payloadBytesMax: number): Promise<readonly ProjectedRow[]>;
  saveCursor(position: FeedPosition): Promise<void>;
  release(): Promise<void>;
}

export interface ProjectionSource {
  /**
   * These jobs as the projection shows them now, with payloads up to `payloadBytesMax`. Needs no
   * lock.
   * @param keptSeconds as for `acquire`
   */
  rows(
    ids: readonly string[],
    keptSeconds: number,
    payloadBytesMax: number,
  ): Promise<readonly ProjectedRow[]>;
  /** The outcomes of these jobs now, to compare with their copies. */
  outcomes(ids: readonly string[], payloadBytesMax: number): Promise<readonly ProjectedOutcome[]>;
  /**
   * @param keptSeconds how long a finished job is kept
   * @returns null while another session is the projector
   */
  acquire(keptSeconds: number): Promise<ProjectionSession | null>;
}
