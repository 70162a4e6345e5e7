import type { ServerResponse } from "node:http";
import { LockstepError } from "lockstep/internal/errors";
import type { Job } from "lockstep/internal/job";
import type { FeedBatch, FeedPosition, Ledger } from "lockstep/internal/ledger";
import { catchUp } from "./catch-up.js";
import type { EventFilter } from "./event-filter.js";
import { EventStream } from "./event-stream.js";
import { FeedTail } from "./feed-tail.js";
import { frameBatch, heartbeatFrame, jobFrame, openingFrame, resetFrame } from "./frame.js";
import { ProgressWatch } from "./progress-watch.js";
import { Subscribers } from "./subscribers.js";

const STREAMS_MAX = 2_000;
const HEARTBEAT_MS = 15_000;
const PROGRESS_MS = 1_000;

export interface StreamRequest {
  readonly response: ServerResponse;
  readonly filter: EventFilter;
  /** Where the client stopped, according to the last event's id. */
  readonly lastEventId: FeedPosition | null;
  /**
   * Takes the response over from the framework and writes its head. Called once, and only when the
   * stream begins.
   */
  begin(): void;
  /** Whether the client may continue reading. Checked at each heartbeat. */
  isAllowed(): Promise<boolean>;
}

export interface EventHubOptions {
  /** Default 15,000. */
  readonly heartbeatMs?: number;
  /** Maximum number of open streams. Default 2,000. */
  readonly streamsMax?: number;
}

/** Sends the one tail of the feed to every open stream. */
export class EventHub {
  readonly #ledger: Pick<Ledger, "feed" | "wakeUps" | "get">;
  readonly #subscribers = new Subscribers();
  readonly #requests = new Map<EventStream, StreamRequest>();
  readonly #tail: FeedTail;
  readonly #progress: ProgressWatch;
  readonly #heartbeatMs: number;
  readonly #streamsMax: number;
  #timers: NodeJS.Timeout[] = [];
  #closed = false;

  constructor(ledger: Pick<Ledger, "feed" | "wakeUps" | "get">, options: EventHubOptions = {}) {
    this.#ledger = ledger;
    this.#heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
    this.#streamsMax = options.streamsMax ?? STREAMS_MAX;
    this.#progress = new ProgressWatch(ledger, this.#subscribers);
    this.#tail = new FeedTail(ledger, {
      onBatch: (start, batch) => this.#onBatch(start, batch),
      onReset: (position) => this.#onReset(position),
    });
  }

  /**
   * Opens a stream and returns once it is live, or has ended.
   * @throws OVERLOADED, SHUTTING_DOWN, JOB_NOT_FOUND, DatabaseUnavailableError, all before the
   *   stream begins
   */
  async open(request: StreamRequest): Promise<void> {
    const stream = this.#enter(request);
    const jobs = await this.#begin(stream, request);
    try {
      const opening = openingFrame(request.lastEventId ?? jobs.position);
      await stream.write(opening + jobs.found.map(jobFrame).join(""));
      if (request.lastEventId !== null) await this.#resume(stream, request.lastEventId);
      if (!stream.goLive()) stream.giveUp("slow_reader");
    } catch {
      // The database went down: the client comes back with the last id it received.
      stream.end();
    }
  }

  /** Ends every stream. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const stream of this.#subscribers.all) stream.end();
    this.#stopTimers();
    await this.#tail.stop();
  }

  #enter(request: StreamRequest): EventStream {
    if (this.#closed) throw new LockstepError("SHUTTING_DOWN", "The server is shutting down.");
    if (this.#subscribers.all.size >= this.#streamsMax)
      throw new LockstepError("OVERLOADED", "Too many event streams are open.", { retryAfterSeconds: 10 });
    const stream = new EventStream(request.response, request.filter);
    request.response.once("close", () => this.#leave(stream));
    if (this.#subscribers.all.size === 0) this.#startTimers();
    this.#subscribers.add(stream);
    this.#requests.set(stream, request);
    return stream;
  }

  /** Everything that can still be answered with a problem document. */
  async #begin(
    stream: EventStream,
    request: StreamRequest,
  ): Promise<{ position: FeedPosition; found: Job[] }> {
    try {
      const position = await this.#tail.start();
      // Read after the tail began to hold frames back for this stream, so nothing is missed between
      // the two.
      const found = await this.#jobs(stream.filter);
      if (this.#closed) throw new LockstepError("SHUTTING_DOWN", "The server is shutting down.");
      stream.begin();
      request.begin();
      return { position, found };
    } catch (error) {
      this.#leave(stream);
      throw error;
    }
  }

  #leave(stream: EventStream): void {
    this.#subscribers.remove(stream);
    this.#requests.delete(stream);
    if (this.#subscribers.all.size > 0) return;
    this.#stopTimers();
    void this.#tail.stop();
  }

  #startTimers(): void {
    this.#timers = [
      setInterval(() => this.#heartbeat(), this.#heartbeatMs),
      setInterval(() => void this.#progress.poll(), PROGRESS_MS),
    ];
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  async #jobs(filter: EventFilter): Promise<Job[]> {
    const jobs = await Promise.all([...(filter.jobs ?? [])].map((id) => this.#ledger.get(id)));
    const found = jobs.filter((job) => job !== null);
    if (found.length < jobs.length) throw new LockstepError("JOB_NOT_FOUND", "There is no job with this id.");
    for (const job of found) this.#progress.noteJob(job);
    return found;
  }

  async #resume(stream: EventStream, from: FeedPosition): Promise<void> {
    const obstacle = await catchUp(this.#ledger.feed, stream, from);
    if (obstacle === null) return;
    stream.hold();
    const position = await this.#tail.start();
    const jobs = await this.#jobs(stream.filter);
    await stream.write(resetFrame(obstacle, position) + jobs.map(jobFrame).join(""));
  }

  #onBatch(start: FeedPosition, batch: FeedBatch): void {
    for (const event of batch.events) this.#progress.noteEvent(event);
    this.#subscribers.deliver(frameBatch(start, batch));
  }

  #onReset(position: FeedPosition): void {
    const frames = [resetFrame("feed_restarted", position)];
    for (const stream of this.#subscribers.all) stream.deliver(frames);
  }

  #heartbeat(): void {
    for (const [stream, request] of this.#requests) {
      stream.keepAlive(heartbeatFrame(stream.isLive ? this.#tail.position : null));
      request.isAllowed().then(
        (allowed) => allowed || stream.end(),
        () => undefined, // Unknown for now; the next heartbeat asks again.
      );
    }
  }
}
