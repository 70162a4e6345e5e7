import type { TransitionRecord } from "../job/index.js";

/** A committed transition, as the feed delivers it. */
export interface FeedEvent extends TransitionRecord {
  readonly kind: string;
  readonly queue: string;
}

/** An opaque position in the feed: everything committed before it is not delivered again after it. */
export type FeedPosition = string;

export interface FeedBatch {
  readonly events: readonly FeedEvent[];
  /** Continue from here. */
  readonly position: FeedPosition;
  /** Whether more was committed than fitted. */
  readonly more: boolean;
}

/** How many transitions of one kind of job, status and reason a page of the feed has. */
export interface FeedTally extends Pick<FeedEvent, "kind" | "status" | "reason"> {
  readonly n: number;
}

export interface FeedTallyPage extends Omit<FeedBatch, "events"> {
  readonly tallies: readonly FeedTally[];
}

export interface Feed {
  /** The position now: a reader that starts here sees everything committed afterwards. */
  now(): Promise<FeedPosition>;
  /** @returns null when the position is not one of this ledger's, or is too old: the reader must start anew */
  read(position: FeedPosition, limit: number): Promise<FeedBatch | null>;
  /** As `read`, but counts the transitions instead of delivering them. */
  tally(position: FeedPosition, limit: number): Promise<FeedTallyPage | null>;
}

/** A hint that there may be work or news. It carries no truth. */
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
  /** A cancellation was requested for a running job. */
  onStopRequest(listener: (jobId: string) => void): () => void;
}
