import { DatabaseUnavailableError } from "../errors.js";
import { type ScheduleLedger, TickError, type TickOutcome } from "../ledger/index.js";
import { createLoop } from "../timing/index.js";
import { planTicks } from "./plan.js";

/** A schedule created by another process may be due before the next known one. */
const CHECK_MS_MAX = 1_000;
const CHECK_MS_MIN = 5;
/** When other processes have locked all due schedules. */
const TAKEN_MS = 50;
/** A schedule that failed does not block the others, and is tried again after this time. */
const FAILED_MS = 30_000;
/** Schedules processed before the loop lets others run. */
const TURNS_MAX = 1_000;

export interface SchedulerOptions {
  readonly ledger: ScheduleLedger;
  /** Called for events worth logging, such as skipped times. */
  readonly onNotice?: (facts: object, message: string) => void;
  readonly onError?: (error: unknown) => void;
}

/**
 * Submits jobs for schedules when they are due. Every server runs one: a turn locks its schedule
 * and skips those that another process has locked, so any number may run, and no leader is needed.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #failed = new Map<string, number>();
  readonly #checks = createLoop((stopping) => this.#check(stopping));

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Does nothing when it is already running. */
  start(): void {
    this.#checks.start();
  }

  /** Ends after the current turn is committed. May be called twice, and before the start. */
  stop(): Promise<void> {
    return this.#checks.stop();
  }

  /** @returns milliseconds until the next check */
  async #check(stopping: AbortSignal): Promise<number> {
    const { ledger } = this.#options;
    try {
      for (let turn = 0; turn < TURNS_MAX && !stopping.aborted; turn++) {
        const except = this.#failedNow();
        const dueInMs = await ledger.dueInMs(except);
        if (dueInMs === null || dueInMs > 0)
          return Math.min(CHECK_MS_MAX, Math.max(CHECK_MS_MIN, dueInMs ?? CHECK_MS_MAX));
        const outcome = await ledger.tick(planTicks, except);
        if (outcome === null) return TAKEN_MS;
        this.#report(outcome);
      }
      return CHECK_MS_MIN;
    } catch (error) {
      if (error instanceof TickError) this.#failed.set(error.schedule, performance.now() + FAILED_MS);
      // While the database is down nothing is due. The next check tries again, and health reports
      // the start of the outage.
      if (!(error instanceof DatabaseUnavailableError)) this.#options.onError?.(error);
      return error instanceof TickError ? CHECK_MS_MIN : CHECK_MS_MAX;
    }
  }

  #failedNow(): string[] {
    const now = performance.now();
    for (const [name, until] of this.#failed) if (until <= now) this.#failed.delete(name);
    return [...this.#failed.keys()];
  }

  #report({ name, leftOut, jobs, ticks }: TickOutcome): void {
    const { onNotice } = this.#options;
    if (leftOut > 0)
      onNotice?.({ schedule: name, at_least: leftOut }, "missed times of a schedule were skipped");
    const had = ticks.filter((_, index) => jobs[index] === null);
    if (had.length > 0)
      onNotice?.({ schedule: name, times: had }, "an earlier schedule of this name has had these times");
  }
}
