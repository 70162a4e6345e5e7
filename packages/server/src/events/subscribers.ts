import { type EventFilter, matches } from "./event-filter.js";
import type { EventStream } from "./event-stream.js";
import type { FramedEvent } from "./frame.js";

/**
 * The open streams, indexed by the jobs they ask for: an event costs nothing to streams that watch
 * other jobs.
 */
export class Subscribers {
  readonly #broad = new Set<EventStream>();
  readonly #byJob = new Map<string, Set<EventStream>>();
  readonly all = new Set<EventStream>();

  add(stream: EventStream): void {
    this.all.add(stream);
    if (!stream.filter.jobs) this.#broad.add(stream);
    for (const job of stream.filter.jobs ?? []) {
      const streams = this.#byJob.get(job) ?? new Set();
      this.#byJob.set(job, streams.add(stream));
    }
  }

  remove(stream: EventStream): void {
    this.all.delete(stream);
    this.#broad.delete(stream);
    for (const job of stream.filter.jobs ?? []) {
      const streams = this.#byJob.get(job);
      streams?.delete(stream);
      if (streams?.size === 0) this.#byJob.delete(job);
    }
  }

  /** Whether some stream asks for this job by its id. */
  watches(jobId: string): boolean {
    return this.#byJob.has(jobId);
  }

  /** Sends each stream the events that match its filter, in one write. */
  deliver(events: readonly FramedEvent[]): void {
    const framesByStream = new Map<EventStream, string[]>();
    for (const { event, frame } of events) {
      for (const stream of this.#candidates(event.job_id)) {
        if (!matches(stream.filter, event)) continue;
        const frames = framesByStream.get(stream);
        if (frames) frames.push(frame);
        else framesByStream.set(stream, [frame]);
      }
    }
    for (const [stream, frames] of framesByStream) stream.deliver(frames);
  }

  /** Sends a frame about one job to the streams that ask for it by its id. */
  notify(job: { id: string } & Pick<Parameters<typeof matches>[1], "kind" | "status">, frame: string): void {
    for (const stream of this.#byJob.get(job.id) ?? [])
      if (matches(stream.filter, { ...job, job_id: job.id })) stream.deliver([frame]);
  }

  *#candidates(jobId: string): Iterable<EventStream> {
    yield* this.#broad;
    yield* this.#byJob.get(jobId) ?? [];
  }
}

/** The frames of a batch that match a filter. */
export function filteredFrames(events: readonly FramedEvent[], filter: EventFilter): string {
  return events
    .filter(({ event }) => matches(filter, event))
    .map(({ frame }) => frame)
    .join("");
}
