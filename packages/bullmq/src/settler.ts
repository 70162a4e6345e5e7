import { DatabaseUnavailableError } from "lockstep/internal/errors";
import type { Settlement, SettleReceipt, WorkerLedger } from "lockstep/internal/ledger";
import { pause } from "lockstep/internal/timing";
import type { Logger } from "pino";

const BATCH_MAX = 500;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 5_000;

interface Waiting {
  readonly settlement: Settlement;
  /** performance.now() after which the caller gets the error that the ledger cannot be reached. */
  readonly giveUpAt: number;
  readonly resolve: (receipt: SettleReceipt) => void;
  readonly reject: (error: unknown) => void;
}

export interface SettlerOptions {
  readonly ledger: Pick<WorkerLedger, "turn">;
  readonly logger: Logger;
  /** How long an outcome waits for a ledger that cannot be reached. */
  readonly giveUpMs: number;
}

/**
 * Records outcomes. Those that arrive during a commit go into the next one. While the ledger cannot
 * be reached they wait here, and BullMQ with them; after `giveUpMs` the caller gets the error, so
 * that BullMQ delivers the entry again. It does not use `coalesce`, because outcomes that the
 * ledger could not take go back to the front of the queue, each with its own time limit.
 */
export class Settler {
  readonly #options: SettlerOptions;
  #waiting: Waiting[] = [];
  #pumping: Promise<void> | null = null;
  #failures = 0;
  readonly #givenUp = new AbortController();

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  /**
   * @throws DatabaseUnavailableError when the ledger could not be reached in time; the result is
   *   unknown then
   */
  settle(settlement: Settlement): Promise<SettleReceipt> {
    return new Promise((resolve, reject) => {
      const giveUpAt = performance.now() + this.#options.giveUpMs;
      this.#waiting.push({ settlement, giveUpAt, resolve, reject });
      this.#pumping ??= this.#pump().finally(() => {
        this.#pumping = null;
      });
    });
  }

  /** Stops waiting for a ledger that cannot be reached. */
  abandon(): void {
    this.#givenUp.abort();
  }

  async #pump(): Promise<void> {
    await Promise.resolve(); // Outcomes of the same tick are sent together.
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_MAX);
      try {
        await this.#send(batch);
        this.#failures = 0;
      } catch (error) {
        if (error instanceof DatabaseUnavailableError) await this.#keep(batch, error);
        else await this.#sendSeparately(batch);
      }
    }
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    const { receipts } = await this.#options.ledger.turn(
      batch.map(({ settlement }) => settlement),
      null,
    );
    const found = new Map(receipts.map((receipt) => [`${receipt.job_id} ${receipt.attempt}`, receipt]));
    for (const { settlement, resolve, reject } of batch) {
      const receipt = found.get(`${settlement.job_id} ${settlement.attempt}`);
      if (receipt) resolve(receipt);
      else reject(new Error(`the ledger gave no receipt for job ${settlement.job_id}`));
    }
  }

  /**
   * The ledger can be reached and rejected the whole batch: sent one by one, only the bad outcome
   * fails.
   */
  async #sendSeparately(batch: readonly Waiting[]): Promise<void> {
    for (const one of batch) {
      try {
        await this.#send([one]);
      } catch (error) {
        if (error instanceof DatabaseUnavailableError) await this.#keep([one], error);
        else one.reject(error);
      }
    }
  }

  async #keep(batch: readonly Waiting[], error: DatabaseUnavailableError): Promise<void> {
    this.#failures += 1;
    const now = performance.now();
    const isOver = (one: Waiting) => this.#givenUp.signal.aborted || one.giveUpAt <= now;
    for (const one of batch) if (isOver(one)) one.reject(error);
    const kept = batch.filter((one) => !isOver(one));
    if (kept.length === 0) return;
    this.#waiting.unshift(...kept);
    if (this.#failures === 1)
      this.#options.logger.warn({ outcomes: kept.length }, "outcomes wait for the ledger");
    const retryMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(this.#failures - 1, 10));
    await pause(retryMs, this.#givenUp.signal);
  }
}
