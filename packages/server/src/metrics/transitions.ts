import type { Feed, FeedPosition, FeedTally } from "lockstep/internal/ledger";
import type { Instruments } from "./instruments.js";

const PAGE_TRANSITIONS = 20_000;
/** Reading time of one scrape; the next scrape counts the rest. */
const READING_MS_MAX = 1_000;
/**
 * After this long without a scrape, counting continues from now: reading everything back would cost
 * more than it is worth.
 */
const FORGOTTEN_MS = 600_000;

/**
 * Counts the committed transitions of the whole system from the feed, each once. Idle between two
 * calls.
 */
export class TransitionCounter {
  readonly #feed: Pick<Feed, "now" | "tally">;
  readonly #instruments: Pick<Instruments, "transitions" | "completed">;
  #position: FeedPosition | null = null;
  #readAtMs = 0;
  #reading: Promise<void> | null = null;

  constructor(
    feed: Pick<Feed, "now" | "tally">,
    instruments: Pick<Instruments, "transitions" | "completed">,
  ) {
    this.#feed = feed;
    this.#instruments = instruments;
  }

  /**
   * Counts the transitions committed since the last call; the first call only notes where to begin.
   * A call during another one waits for that one, so nothing is counted twice.
   * @throws DatabaseUnavailableError
   */
  count(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const beganMs = performance.now();
    const isForgotten = beganMs - this.#readAtMs > FORGOTTEN_MS;
    this.#readAtMs = beganMs;
    if (this.#position === null || isForgotten) {
      this.#position = await this.#feed.now();
      return;
    }
    let more = true;
    while (more && performance.now() - beganMs < READING_MS_MAX) {
      const page = await this.#feed.tally(this.#position, PAGE_TRANSITIONS);
      for (const tally of page?.tallies ?? []) this.#add(tally);
      more = page?.more ?? false;
      // null: the ledger was restored, or transitions were archived before they were read. Counting
      // continues from now.
      this.#position = page === null ? await this.#feed.now() : page.position;
    }
  }

  #add({ kind, status, reason, n }: FeedTally): void {
    this.#instruments.transitions.inc({ kind, status, reason }, n);
    if (status === "completed") this.#instruments.completed.inc(n);
  }
}
