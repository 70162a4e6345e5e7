import { hostname } from "node:os";
import type { WorkerRegistration } from "lockstep/internal/ledger";
import { Membership } from "lockstep/internal/worker";
import type { Logger } from "pino";
import type { Attempts } from "./attempts.js";
import type { BridgeSource } from "./options.js";

export interface BridgeWorkerOptions {
  readonly source: BridgeSource;
  readonly queue: string;
  readonly name: string | undefined;
  readonly attempts: Attempts;
  readonly logger: Logger;
}

/**
 * This process as one of the ledger's workers: registered before its first claim, with a heartbeat
 * while it lives.
 */
export class BridgeWorker {
  readonly membership: Membership;
  readonly #options: BridgeWorkerOptions;
  readonly #registration: WorkerRegistration & { kinds: string[]; concurrency: number };
  #joining: Promise<void> | null = null;
  #joined = false;

  constructor(options: BridgeWorkerOptions) {
    const { source, queue, name, attempts, logger } = options;
    this.#options = options;
    this.#registration = {
      id: attempts.workerId,
      name: name ?? `${hostname()}-${process.pid} bullmq`,
      host: hostname(),
      pid: process.pid,
      queues: [queue],
      kinds: [],
      concurrency: 1,
      embedded: source.databaseUrl === null,
    };
    const { databaseUrl, leaseSeconds, ledger } = source;
    this.membership = new Membership({
      ledger,
      registration: this.#registration,
      leaseSeconds,
      // On its own connection, where a busy handler cannot stop it. An embedded database stops
      // together with the process anyway.
      heartbeat:
        databaseUrl === null
          ? { mode: "inline" }
          : { mode: "thread", databaseUrl, schema: source.database.schema },
      running: attempts,
      logger,
      onRegained: () => undefined,
    });
  }

  get joined(): boolean {
    return this.#joined;
  }

  /** Adds kinds and slots to this process's registration. */
  announce(kinds: readonly string[], concurrency: number): void {
    for (const kind of kinds)
      if (!this.#registration.kinds.includes(kind)) this.#registration.kinds.push(kind);
    this.#registration.concurrency = Math.max(this.#registration.concurrency, concurrency);
  }

  /** @throws DatabaseUnavailableError; the next call tries again */
  async join(kind: string): Promise<void> {
    const isNew = !this.#registration.kinds.includes(kind);
    if (isNew) this.announce([kind], 1);
    if (this.#joined && isNew) await this.#options.source.ledger.register(this.#registration);
    if (this.#joined) return;
    this.#joining ??= this.membership.start();
    try {
      await this.#joining;
      this.#joined = true;
    } catch (error) {
      this.#joining = null;
      throw error;
    }
  }

  async leave(): Promise<void> {
    if (!this.#joined) return;
    await this.membership.stop();
    const { source, logger, attempts } = this.#options;
    await source.ledger.deregister(attempts.workerId).catch((error: unknown) => {
      logger.warn({ err: error }, "cannot deregister; the ledger will consider this worker lost");
    });
  }
}
