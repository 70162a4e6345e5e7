import type { Feed, FeedPosition } from "lockstep/internal/ledger";
import type { EventStream } from "./event-stream.js";
import { frameBatch } from "./frame.js";
import { filteredFrames } from "./subscribers.js";

const BATCH_EVENTS_MAX = 500;
/** Further behind than this, reading everything again is cheaper than reading along. */
export const BEHIND_EVENTS_MAX = 10_000;

/** Why a client cannot receive what it missed. */
export type CannotResume = "unknown_position" | "too_far_behind";

/**
 * Sends a stream everything after the last position its client saw, up to where the tail takes
 * over.
 *
 * Meanwhile the tail's frames are held back. Before each read the held frames are dropped, because
 * the read sees them too. There is one exception: a position inside a span of the feed continues
 * with the snapshot of its first read. So only a read that begins where a finished one ended is
 * known to see everything, and the handover waits for it.
 * @returns null when the stream is caught up
 */
export async function catchUp(
  feed: Feed,
  stream: EventStream,
  from: FeedPosition,
): Promise<CannotResume | null> {
  let position = from;
  let behind = 0;
  let fresh = false;
  while (stream.isOpen) {
    stream.hold();
    const batch = await feed.read(position, BATCH_EVENTS_MAX);
    if (!batch) return "unknown_position";
    behind += batch.events.length;
    if (behind > BEHIND_EVENTS_MAX) return "too_far_behind";
    const frames = filteredFrames(frameBatch(position, batch), stream.filter);
    if (frames) await stream.write(frames);
    if (fresh && !batch.more) return null;
    fresh = !batch.more;
    position = batch.position;
  }
  return null;
}
