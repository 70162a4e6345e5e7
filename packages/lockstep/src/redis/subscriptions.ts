import type { Redis } from "ioredis";

type Listener = (message: string | null) => void;

/** Keeps channels subscribed on one connection, also after it broke and was restored. */
export class Subscriptions {
  readonly #client: Redis;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(client: Redis) {
    this.#client = client;
    client.on("message", (channel: string, message: string) => this.#deliver(channel, message));
    client.on("ready", () => {
      for (const channel of this.#listeners.keys()) this.#subscribe(channel);
    });
  }

  add(channel: string, onMessage: Listener): () => void {
    const known = this.#listeners.get(channel);
    // A wrapper, so that one function passed twice is two subscriptions.
    const listener: Listener = (message) => onMessage(message);
    this.#listeners.set(channel, (known ?? new Set()).add(listener));
    if (!known && this.#client.status === "ready") this.#subscribe(channel);
    return () => this.#remove(channel, listener);
  }

  #remove(channel: string, listener: Listener): void {
    const listeners = this.#listeners.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#listeners.delete(channel);
    // Whether it succeeds does not matter: nobody is notified any more.
    this.#client.unsubscribe(channel).catch(() => undefined);
  }

  #subscribe(channel: string): void {
    this.#client.subscribe(channel).then(
      () => this.#deliver(channel, null),
      // Broken again: the next connection subscribes again. Slow: this connection is replaced by a
      // new one.
      () => this.#client.status === "ready" && this.#client.disconnect(true),
    );
  }

  #deliver(channel: string, message: string | null): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener(message);
  }
}
