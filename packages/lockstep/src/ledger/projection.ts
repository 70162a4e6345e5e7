import type { CopyOutcome, Status } from "../job/index.js";
import type { FeedPosition } from "./feed-event.js";

/** What the ledger's side remembers of the projection. */
export interface ProjectionState {
  /** This ledger's id. */
  readonly ledger: string;
  /** The database's clock: milliseconds since 1970. */
  readonly clockMs: number;
  /** Which PostgreSQL this is, on which line of its history, as far as it tells. */
  readonly cluster: string;
  /** null: there never was a projection. */
  readonly recorded: {
    readonly generation: string;
    readonly epoch: number;
    readonly cluster: string;
    readonly rebuilding: boolean;
  } | null;
  /** The stored cursor; null when it was never stored, or was not heard of for a day. */
  readonly cursor: FeedPosition | null;
}

/** A page of the feed, gathered by job. */
export interface ChangePage {
  /** versions: the job's transitions in the page as JSON pairs `[version,"status"]`, oldest first, separated by commas. */
  readonly jobs: readonly { readonly id: string; readonly versions: string }[];
  readonly events: number;
  readonly completed: number;
  /** How long ago the oldest transition of the page was made: seconds. */
  readonly oldestSeconds: number;
  /** Continue from here. */
  readonly position: FeedPosition;
  readonly more: boolean;
}

/** A job as the projection shows it: a row as the database gives it, for there can be a hundred thousand a second. */
export interface ProjectedRow {
  readonly id: string;
  readonly status: Status;
  readonly version: number;
  /** The members of its JSON after status and version, without braces. */
  readonly members: string;
  /** null: not finished. 0 or less: not kept any more. */
  readonly ttl_ms: number | null;
  /** Bytes of the output or error; `payload` is its JSON text, null when it is larger than was asked for or there is none. */
  readonly payload_bytes: number;
  readonly payload: string | null;
}

/** What a job's copy must show as output or error. */
export interface ProjectedOutcome extends CopyOutcome {
  readonly id: string;
}

export interface ScanPage {
  /** The last job walked over; null at the end of the ledger. */
  readonly lastId: string | null;
  /** Those of them to keep. */
  readonly ids: readonly string[];
}

/** The one projector's connection. It holds the lock, and everything is read through it, so who lost the lock reads nothing more. */
export interface ProjectionSession {
  /** @throws Error when another backend answers: a pooler stands between, and the lock means nothing */
  state(): Promise<ProjectionState>;
  /** @returns false when a later epoch is recorded already */
  begin(rebuild: {
    readonly generation: string;
    readonly epoch: number;
    readonly cluster: string;
  }): Promise<boolean>;
  finish(generation: string): Promise<void>;
  now(): Promise<FeedPosition>;
  /** @returns null when the position is not one of this ledger's, or is too old */
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
  /** These jobs as the projection shows them now, with payloads up to so many bytes. Needs no lock. @param keptSeconds as for `acquire` */
  rows(
    ids: readonly string[],
    keptSeconds: number,
    payloadBytesMax: number,
  ): Promise<readonly ProjectedRow[]>;
  /** Of these jobs now, for comparing copies of them. */
  outcomes(ids: readonly string[], payloadBytesMax: number): Promise<readonly ProjectedOutcome[]>;
  /** @param keptSeconds how long a finished job is kept @returns null while another session is the projector */
  acquire(keptSeconds: number): Promise<ProjectionSession | null>;
}
