import type { TransitionRecord } from "../job/index.js";

/** A committed transition, as the feed delivers it. */
export interface FeedEvent extends TransitionRecord {
  readonly kind: string;
  readonly queue: string;
}

/**
 * An opaque position in the feed. A reader that continues from it does not get anything again that
 * was committed before it.
 */
export type FeedPosition = string;

export interface FeedBatch {
  readonly events: readonly FeedEvent[];
  /** When it was read, by the database's clock; null when there is no event. */
  readonly as_of: string | null;
  /** Continue from here. */
  readonly position: FeedPosition;
  /** Whether more was committed than fits in this page. */
  readonly more: boolean;
}

/** How many transitions of one kind, status and reason a page of the feed has. */
export interface FeedTally extends Pick<FeedEvent, "kind" | "status" | "reason"> {
  readonly n: number;
}

export interface FeedTallyPage extends Omit<FeedBatch, "events" | "as_of"> {
  readonly tallies: readonly FeedTally[];
}

export interface Feed {
  /** The position now: a reader that starts here sees everything committed afterwards. */
  now(): Promise<FeedPosition>;
  /**
   * @returns null when the position is not from this feed or is too old: the reader must start
   *   again from `now`
   */
  read(position: FeedPosition, limit: number): Promise<FeedBatch | null>;
  /** Like `read`, but counts the transitions instead of delivering them. */
  tally(position: FeedPosition, limit: number): Promise<FeedTallyPage | null>;
}

/** A wake-up: there may be work to claim or transitions to read. It carries no truth. */
export interface ReadyWakeUp {
  readonly queue: string;
  readonly priority: number;
  /** null when unknown: scan from the start. */
  readonly ready_at: string | null;
}

export interface WakeUps {
  onReady(listener: (wakeUp: ReadyWakeUp) => void): () => void;
  /** Something was committed. */
  onChange(listener: () => void): () => void;
  /** A cancellation of a running job was requested. */
  onStopRequest(listener: (jobId: string) => void): () => void;
}
