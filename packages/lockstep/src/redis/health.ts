import { EventEmitter, once } from "node:events";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { createLoop } from "../timing/index.js";

const PING_EVERY_MS = 1_000;

/**
 * Whether Redis answers, and since when it does not. It is asked every second, because a connection
 * can be open and dead.
 */
export class RedisHealth {
  readonly #client: Redis;
  readonly #logger: Logger | undefined;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #pings = createLoop(() => this.#ping(), { firstMs: PING_EVERY_MS, mayExit: true });
  #downSince: string | null = new Date().toISOString();
  #complained = false;

  constructor(client: Redis, logger: Logger | undefined) {
    this.#client = client;
    this.#logger = logger;
    client.on("ready", () => this.#up());
    client.on("close", () => this.#down());
    client.on("error", (error) => this.#down(error));
    this.#pings.start();
  }

  get isUp(): boolean {
    return this.#downSince === null;
  }

  get downSince(): string | null {
    return this.#downSince;
  }

  /** @returns whether it came up in time */
  async untilUp(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.isUp) return true;
    const timeout = AbortSignal.timeout(timeoutMs);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    return await once(this.#changes, "up", { signal: either }).then(
      () => true,
      () => false,
    );
  }

  /** Stops asking; does not wait for an answer in progress. */
  close(): void {
    void this.#pings.stop();
  }

  async #ping(): Promise<number> {
    if (this.#client.status === "ready")
      await this.#client.ping().then(
        () => this.#up(),
        (error: Error) => this.#down(error),
      );
    return PING_EVERY_MS;
  }

  #up(): void {
    if (this.#downSince === null) return;
    this.#downSince = null;
    if (this.#complained) this.#logger?.info("Redis answers again");
    this.#complained = false;
    this.#changes.emit("up");
  }

  #down(error?: Error): void {
    this.#downSince ??= new Date().toISOString();
    // Logged once per outage. The first close has no reason; the attempt after it has one.
    if (this.#complained || !error) return;
    this.#complained = true;
    this.#logger?.warn(
      { reason: error.message },
      "Redis cannot be reached; jobs continue without it, and the projection waits",
    );
  }
}
