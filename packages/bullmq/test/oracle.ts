import { isDeepStrictEqual } from "node:util";
import { type Job, Queue } from "bullmq";
import { connection, type Setup } from "./setup.js";

/**
 * Polls BullMQ and the ledger about every entry, and notes each time that BullMQ shows completed
 * where the ledger does not, or where the output differs. It has its own connections and does not
 * use the bridge.
 */
export class Oracle {
  /** The contradictions it found, line by line. */
  readonly violations: string[] = [];
  readonly #setup: Setup;
  readonly #queue: Queue;
  #rounds = 0;
  #completions = 0;
  #stopped = false;
  readonly #loop: Promise<void>;

  constructor(setup: Setup) {
    this.#setup = setup;
    this.#queue = new Queue(setup.queue.name, { connection: connection() });
    this.#queue.on("error", () => undefined);
    this.#loop = this.#watch();
    setup.onCleanup(async () => {
      await this.stop();
      await this.#queue.close();
    });
  }

  get rounds(): number {
    return this.#rounds;
  }

  /** How often BullMQ showed completed and the ledger agreed. */
  get completions(): number {
    return this.#completions;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      const entries = await this.#queue.getCompleted(0, -1).catch(() => [] as Job[]);
      for (const entry of entries) if (entry?.id) await this.#compare(entry);
      this.#rounds += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** BullMQ was asked first: the ledger must now know what BullMQ knew then. */
  async #compare(entry: Job): Promise<void> {
    // The list and the entries are read one after the other. In between, a flush can delete an
    // entry and a waiting copy can take its place. So only an entry that itself has a finish time
    // was read as completed.
    if (entry.finishedOn === undefined) return;
    const row = await this.#setup.ledger.get(entry.id ?? "").catch(() => "unreachable" as const);
    if (row === "unreachable") return;
    if (row?.status !== "completed")
      this.violations.push(`${entry.id}: BullMQ completed, ledger ${row?.status}`);
    else if (!isDeepStrictEqual(row.output, entry.returnvalue))
      this.violations.push(
        `${entry.id}: BullMQ ${JSON.stringify(entry.returnvalue)}, ledger ${JSON.stringify(row.output)}`,
      );
    else this.#completions += 1;
  }
}
