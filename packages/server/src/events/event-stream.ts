import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { EventFilter } from "./event-filter.js";
import { resetFrame } from "./frame.js";

const CLOSE_MS = 5_000;
const DRAIN_MS = 30_000;

/** What a client may leave unread, in bytes, before its stream is given up. */
const UNREAD_BYTES_MAX = 1_048_576;
const HELD_FRAMES_MAX = 1_000;

/**
 * One client's stream of events. Until it is `live`, frames from the tail are held back, for the client is still
 * being given what came before them.
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

  /** From here on the response is this stream's. */
  begin(): void {
    this.#begun = true;
  }

  get isOpen(): boolean {
    return this.#begun && !this.#response.writableEnded && !this.#response.destroyed;
  }

  get isLive(): boolean {
    return this.#held === null;
  }

  /** Frames from the tail. A client too slow to take them is told to begin anew, and let go. */
  deliver(frames: readonly string[]): void {
    if (this.#held) {
      if (this.#held.length + frames.length > HELD_FRAMES_MAX) this.#overflowed = true;
      else this.#held.push(...frames);
    } else if (!this.isOpen) return;
    else if (this.#response.writableLength > UNREAD_BYTES_MAX) this.giveUp("slow_reader");
    else this.#response.write(frames.join(""));
  }

  /** A frame that is worth nothing later: it is not held back. */
  keepAlive(frame: string): void {
    if (!this.isOpen) return;
    if (this.#response.writableLength > UNREAD_BYTES_MAX) this.giveUp("slow_reader");
    else this.#response.write(frame);
  }

  /** Forgets what was held back and holds from here on. */
  hold(): void {
    this.#held = [];
    this.#overflowed = false;
  }

  /** Lets through what was held back and everything after it. @returns false when too much was held: some is lost */
  goLive(): boolean {
    const held = this.#held ?? [];
    this.#held = null;
    if (this.#overflowed) return false;
    if (held.length > 0) this.deliver(held);
    return true;
  }

  /** Writes past what is held back, and waits until the client has taken it: at most half a minute. */
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

  /** Tells the client to begin anew, and ends the stream. */
  giveUp(why: string): void {
    if (this.isOpen) this.#response.write(resetFrame(why));
    this.end();
  }

  /** Ends the stream; a client that does not take the rest within five seconds is cut off. */
  end(): void {
    if (!this.isOpen) return;
    const cut = setTimeout(() => this.#response.destroy(), CLOSE_MS);
    this.#response.once("close", () => clearTimeout(cut));
    this.#response.end();
  }
}
