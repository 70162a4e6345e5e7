import type { Logger } from "pino";
import type { Settlement } from "../ledger/index.js";
import { createLoop } from "../timing/index.js";
import type { Spool } from "./spool.js";
import { newUnsettled, type UnsettledOutcomes } from "./unsettled-outcomes.js";

const CHECK_MS = 100;
/** What a turn has not settled in this time is written to disk while the turn is still under way. */
const UNSETTLED_MS_MAX = 1_000;

export interface SpoolGuardOptions {
  readonly spool: Spool;
  readonly unsettledOutcomes: UnsettledOutcomes;
  readonly logger: Logger;
  /** Whether turns fail: then nothing waits. */
  turnsFail(): boolean;
  /** The spool works again, or is not needed any more. */
  onRecovered(): void;
}

/** Sees to it that an outcome which cannot be settled at once lies on the disk within about a second. */
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

  /** Whether outcomes are held in memory that cannot be written to the disk. */
  get isDegraded(): boolean {
    return this.#degraded;
  }

  /** Writes every outcome that is not on the disk yet. @returns whether all are */
  async secure(): Promise<boolean> {
    const { spool, unsettledOutcomes } = this.#options;
    const exposed = unsettledOutcomes.unspooled(performance.now());
    return exposed.length === 0 || (await spool.append(exposed));
  }

  /** Makes a dead process's records this worker's own. @returns false when they cannot be written here */
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
