import type { Logger } from "pino";
import type { Settlement } from "../ledger/index.js";
import { createLoop } from "../timing/index.js";
import type { Spool } from "./spool.js";
import { newUnsettled, type UnsettledOutcomes } from "./unsettled-outcomes.js";

const CHECK_MS = 100;
/**
 * Outcomes that are not settled within this time are written to disk, even while their turn is in
 * progress.
 */
const UNSETTLED_MS_MAX = 1_000;

export interface SpoolGuardOptions {
  readonly spool: Spool;
  readonly unsettledOutcomes: UnsettledOutcomes;
  readonly logger: Logger;
  /** Whether turns are failing: then outcomes are written immediately. */
  turnsFail(): boolean;
  /** The spool works again, or is no longer needed. */
  onRecovered(): void;
}

/**
 * Ensures that an outcome that cannot be settled immediately is on the disk within about a second.
 */
export class SpoolGuard {
  readonly #options: SpoolGuardOptions;
  readonly #checks = createLoop(() => this.#check(), { firstMs: CHECK_MS });
  #degraded = false;

  constructor(options: SpoolGuardOptions) {
    this.#options = options;
  }

  start(): void {
    this.#checks.start();
  }

  /** Whether memory has outcomes that cannot be written to the disk. */
  get isDegraded(): boolean {
    return this.#degraded;
  }

  /**
   * Writes every outcome that is not on the disk yet.
   * @returns whether all are on the disk
   */
  async secure(): Promise<boolean> {
    const { spool, unsettledOutcomes } = this.#options;
    const exposed = unsettledOutcomes.unspooled(performance.now());
    return exposed.length === 0 || (await spool.append(exposed));
  }

  /**
   * Copies a dead process's records into this worker's spool.
   * @returns false when they cannot be written here
   */
  async adopt(records: readonly Settlement[]): Promise<boolean> {
    const { spool, unsettledOutcomes } = this.#options;
    const adopted = records.map((settlement) => newUnsettled(settlement, performance.now()));
    if (!(await spool.append(adopted))) return false;
    for (const unsettled of adopted) unsettledOutcomes.add(unsettled);
    return true;
  }

  async stop(): Promise<void> {
    await this.#checks.stop();
  }

  async #check(): Promise<number> {
    const { spool, unsettledOutcomes, turnsFail } = this.#options;
    const due = unsettledOutcomes.unspooled(performance.now() - (turnsFail() ? 0 : UNSETTLED_MS_MAX));
    const isSafe = due.length === 0 || (await spool.append(due));
    this.#setDegraded(!isSafe && due.some((unsettled) => !unsettled.acknowledged));
    return CHECK_MS;
  }

  #setDegraded(degraded: boolean): void {
    if (this.#degraded === degraded) return;
    this.#degraded = degraded;
    const { spool, unsettledOutcomes, logger, onRecovered } = this.#options;
    const facts = { spool: spool.path, outcomes: unsettledOutcomes.count };
    if (degraded) {
      logger.error(
        { ...facts, err: spool.failure },
        "the spool cannot be written: outcomes are kept in memory, and nothing is claimed",
      );
      return;
    }
    logger.info(facts, "every outcome is safe again");
    onRecovered();
  }
}
