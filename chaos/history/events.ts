/**
 * The events of a history. Every time is in milliseconds of the machine's monotonic clock, which
 * all its processes share. A job is identified by the key of its submit, because the reply with its
 * id can be lost.
 */
export type ShownStatus = "pending" | "running" | "completed" | "failed" | "cancelled" | "absent";

/** What a view says about a job. */
export interface Shown {
  readonly status: ShownStatus;
  /** null: this view has no versions. */
  readonly version: number | null;
  /** Digest of the result it shows; null: it shows none. */
  readonly digest: string | null;
  /** ledger: it claims to be current. cache: it says that it may be late. */
  readonly claims: "now" | "late";
}

/** A submit was acknowledged. */
export interface SubmitEvent {
  readonly e: "submit";
  readonly began: number;
  readonly at: number;
  readonly key: string;
  readonly id: string;
  readonly version: number | null;
}

/** A view was read and answered. */
export interface ReadEvent extends Shown {
  readonly e: "read";
  readonly began: number;
  readonly at: number;
  readonly client: string;
  readonly view: string;
  readonly key: string;
  /** The least version that the client asked for; null: any. */
  readonly minVersion: number | null;
  /** Read after everything was repaired and had settled. */
  readonly final: boolean;
}

/** An operator's requeue was sent: from `began` on, a finished job may be pending again. */
export interface RequeueEvent {
  readonly e: "requeue";
  readonly began: number;
  readonly at: number;
  readonly key: string;
}

/** One transition from an event stream. */
export interface StreamEvent {
  readonly e: "stream";
  readonly at: number;
  readonly client: string;
  /** The job's id. */
  readonly id: string;
  readonly version: number;
  readonly status: ShownStatus;
}

/** The stream reported that versions may be missing before this point. */
export interface StreamResetEvent {
  readonly e: "stream-reset";
  readonly at: number;
  readonly client: string;
}

export interface HandlerStart {
  readonly e: "start";
  readonly at: number;
  readonly key: string;
  /** null: the system has no attempts. */
  readonly attempt: number | null;
  readonly process: string;
}

export interface HandlerEnd {
  readonly e: "end";
  readonly at: number;
  readonly key: string;
  readonly attempt: number | null;
  readonly process: string;
  readonly how: "returned" | "threw";
  /** Digest of what it returned; null when it threw, or returned what no system can store. */
  readonly digest: string | null;
}

/** A process completed a turn of its event loop. */
export interface AliveEvent {
  readonly e: "alive";
  readonly at: number;
  readonly process: string;
  /** Whether its disk accepted writes. */
  readonly disk: boolean;
}

export interface FaultEvent {
  readonly e: "fault";
  readonly at: number;
  readonly name: string;
  readonly detail: string;
}

/** A process reached a crash point for the first time, or was killed there. */
export interface PointEvent {
  readonly e: "point";
  readonly at: number;
  readonly point: string;
  readonly killed: boolean;
}

export type HistoryEvent =
  | SubmitEvent
  | ReadEvent
  | RequeueEvent
  | StreamEvent
  | StreamResetEvent
  | HandlerStart
  | HandlerEnd
  | AliveEvent
  | FaultEvent
  | PointEvent;

const TERMINAL: ReadonlySet<ShownStatus> = new Set(["completed", "failed", "cancelled"]);

export function isTerminal(status: ShownStatus): boolean {
  return TERMINAL.has(status);
}
