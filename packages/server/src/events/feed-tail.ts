import { setImmediate as letOthersRun } from "node:timers/promises";
import type { FeedBatch, FeedPosition, Ledger } from "lockstep/internal/ledger";
import { createWakeUp } from "lockstep/internal/timing";

const POLL_MS = 500;
const BATCH_EVENTS_MAX = 500;

export interface TailListener {
  /** A batch that began at `start`. */
  onBatch(start: FeedPosition, batch: FeedBatch): void;
  /** The feed could not be followed without a gap; it continues from `position`. */
  onReset(position: FeedPosition): void;
}

/**
 * Follows the feed from now on, as long as anyone listens: one reader for the whole server. The
 * ledger's wake-ups make it read, and it also polls at least twice a second. While the database is
 * down it keeps its position.
 */
export class FeedTail {
  readonly #ledger: Pick<Ledger, "feed" | "wakeUps">;
  readonly #listener: TailListener;
  #position: FeedPosition | null = null;
  #following: AbortController | null = null;
  #starting: Promise<FeedPosition> | null = null;
  #loop: Promise<void> = Promise.resolve();
  #wanted = false;
  readonly #wakeUp = createWakeUp();

  constructor(ledger: Pick<Ledger, "feed" | "wakeUps">, listener: TailListener) {
    this.#ledger = ledger;
    this.#listener = listener;
  }

  /** Everything before it has been delivered; null while the feed is not followed. */
  get position(): FeedPosition | null {
    return this.#position;
  }

  /**
   * Begins to follow the feed, unless it already does.
   * @returns a position: everything committed after this call began is delivered after it
   * @throws DatabaseUnavailableError
   */
  async start(): Promise<FeedPosition> {
    this.#wanted = true;
    if (this.#position !== null) return this.#position;
    this.#starting ??= this.#begin();
    return await this.#starting;
  }

  /** Stops following immediately; a later `start` begins at the position at that time. */
  async stop(): Promise<void> {
    this.#wanted = false;
    this.#position = null;
    this.#following?.abort();
    await this.#loop;
  }

  async #begin(): Promise<FeedPosition> {
    try {
      await this.#loop;
      const position = await this.#ledger.feed.now();
      if (this.#wanted) {
        this.#position = position;
        this.#following = new AbortController();
        this.#loop = this.#follow(this.#following.signal);
      }
      return position;
    } finally {
      this.#starting = null;
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const forget = this.#ledger.wakeUps.onChange(this.#wakeUp.signal);
    while (!signal.aborted) {
      this.#wakeUp.clear();
      const more = await this.#turn(signal);
      // The embedded database answers without yielding the event loop, and the streams need it too.
      await letOthersRun();
      if (!more) await this.#wakeUp.wait(POLL_MS, { signal });
    }
    forget();
  }

  /**
   * Reads and delivers one batch.
   * @returns whether there is more to read immediately
   */
  async #turn(signal: AbortSignal): Promise<boolean> {
    const start = this.#position;
    if (start === null) return false;
    try {
      const batch = await this.#ledger.feed.read(start, BATCH_EVENTS_MAX);
      const position = batch ? batch.position : await this.#ledger.feed.now();
      if (signal.aborted) return false;
      if (!batch) this.#listener.onReset(position);
      else if (batch.events.length > 0) this.#listener.onBatch(start, batch);
      this.#position = position;
      return batch?.more ?? false;
    } catch {
      // The database is down or slow: the position is kept, so the next turn misses nothing. Health
      // reports it.
      return false;
    }
  }
}
