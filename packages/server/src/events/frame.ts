import type { Job } from "lockstep/internal/job";
import type { FeedBatch, FeedEvent, FeedPosition } from "lockstep/internal/ledger";

/** Milliseconds a browser waits before it connects again. */
const RETRY_MS = 2_000;

/** A transition and its text in a stream. */
export interface FramedEvent {
  readonly event: FeedEvent;
  readonly frame: string;
}

/**
 * Writes a batch. An event inside it carries the position at which the batch began, and only the
 * last one carries the position at which it ended. So a client that reconnects in the middle
 * receives the whole batch again, and skips nothing.
 */
export function frameBatch(start: FeedPosition, batch: FeedBatch): FramedEvent[] {
  const { as_of } = batch;
  const last = batch.events.length - 1;
  return batch.events.map((event, index) => {
    const data = JSON.stringify({ ...event, source: "ledger", as_of });
    return { event, frame: frame("transition", data, index === last ? batch.position : start) };
  });
}

export function jobFrame(job: Job): string {
  return frame("job", JSON.stringify(job));
}

/** Without an id: progress is not a transition, and must not change where a client resumes. */
export function progressFrame(job: Job): string {
  const { id, status, version, attempt, progress, source, as_of } = job;
  return frame("progress", JSON.stringify({ job_id: id, status, version, attempt, progress, source, as_of }));
}

/**
 * Tells the client that events may be missing before this point, so it must reload what it shows.
 */
export function resetFrame(why: string, position?: FeedPosition): string {
  return frame("reset", JSON.stringify({ why }), position);
}

/**
 * Opens a stream: how long to wait before reconnecting, and where to resume if nothing arrives
 * before that.
 */
export function openingFrame(position: FeedPosition): string {
  return `retry: ${RETRY_MS}\nid: ${position}\n\n`;
}

/**
 * Keeps the connection alive, and moves the resume position past events that the filter dropped.
 */
export function heartbeatFrame(position: FeedPosition | null): string {
  return position === null ? ": alive\n\n" : `: alive\nid: ${position}\n\n`;
}

function frame(event: string, data: string, id?: FeedPosition): string {
  return `event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${data}\n\n`;
}
