import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { EventFilter } from "./event-filter.js";
import { resetFrame } from "./frame.js";

const CLOSE_MS = 5_000;
const DRAIN_MS = 30_000;

/** How many bytes a client may leave unread before its stream is ended. */
const UNREAD_BYTES_MAX = 1_048_576;
const HELD_FRAMES_MAX = 1_000;

/**
 * One client's stream of events. Until it is `live`, frames from the tail are held back, because
 * the client is still receiving earlier events.
 */
export class EventStream {
  readonly filter: EventFilter;
  readonly #response: ServerResponse;
  #held: string[] | null = [];
  #overflowed = false;
  #begun = false;

  constructor(response: ServerResponse, filter: EventFilter) {
    this.#response = response;
    this.filter = filter;
  }

  /** From here on the response belongs to this stream. */
  begin(): void {
    this.#begun = true;
  }

  get isOpen(): boolean {
    return this.#begun && !this.#response.writableEnded && !this.#response.destroyed;
  }

  get isLive(): boolean {
    return this.#held === null;
  }

  /**
   * Delivers frames from the tail. A client that is too slow for them receives `reset` and is
   * disconnected.
   */
  deliver(frames: readonly string[]): void {
    if (this.#held) {
      if (this.#held.length + frames.length > HELD_FRAMES_MAX) this.#overflowed = true;
      else this.#held.push(...frames);
    } else if (!this.isOpen) return;
    else if (this.#response.writableLength > UNREAD_BYTES_MAX) this.giveUp("slow_reader");
    else this.#response.write(frames.join(""));
  }

  /** Sends a frame that has no value later: it is not held back. */
  keepAlive(frame: string): void {
    if (!this.isOpen) return;
    if (this.#response.writableLength > UNREAD_BYTES_MAX) this.giveUp("slow_reader");
    else this.#response.write(frame);
  }

  /** Drops the held frames and holds from here on. */
  hold(): void {
    this.#held = [];
    this.#overflowed = false;
  }

  /**
   * Sends the held frames and everything after them.
   * @returns false when too many were held and some are lost
   */
  goLive(): boolean {
    const held = this.#held ?? [];
    this.#held = null;
    if (this.#overflowed) return false;
    if (held.length > 0) this.deliver(held);
    return true;
  }

  /**
   * Writes ahead of the held frames, and waits until the client has taken it: at most half a
   * minute.
   */
  async write(text: string): Promise<void> {
    if (!this.isOpen || this.#response.write(text)) return;
    const over = new AbortController();
    const stop = () => over.abort();
    const timer = setTimeout(stop, DRAIN_MS);
    this.#response.once("close", stop);
    await once(this.#response, "drain", { signal: over.signal }).catch(() => this.giveUp("slow_reader"));
    this.#response.off("close", stop);
    clearTimeout(timer);
  }

  /** Sends `reset` to the client, and ends the stream. */
  giveUp(why: string): void {
    if (this.isOpen) this.#response.write(resetFrame(why));
    this.end();
  }

  /** Ends the stream; a client that does not take the rest within five seconds is disconnected. */
  end(): void {
    if (!this.isOpen) return;
    const cut = setTimeout(() => this.#response.destroy(), CLOSE_MS);
    this.#response.once("close", () => clearTimeout(cut));
    this.#response.end();
  }
}
