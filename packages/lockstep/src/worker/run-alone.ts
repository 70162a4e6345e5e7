import type { Logger } from "pino";
import type { ClaimedJob, HeldAttempt } from "../ledger/index.js";
import type { RunningAttempts } from "./running-attempts.js";
import type { UnsettledOutcomes } from "./unsettled-outcomes.js";

/** A job that was lost this often may be what ended its workers' processes. */
const LOSSES_BEFORE_ALONE = 2;
/** Claims pause for at most this long, until what runs has ended. Then they go on for as long. */
const DRAIN_MS_MAX = 60_000;
/** After a job has run alone, other jobs are claimed for this long before the next one. */
const OPEN_MS = 1_000;
/** Then the job is released, so that another worker can take it. */
const WAIT_MS_MAX = 600_000;

export interface RunAloneOptions {
  readonly workerId: string;
  readonly running: Pick<RunningAttempts, "start" | "giveBack" | "isIdle">;
  readonly unsettledOutcomes: Pick<UnsettledOutcomes, "count">;
  readonly logger: Pick<Logger, "warn">;
  /** Whether a job that was claimed may run. If not, it is released. */
  mayRun(): boolean;
}

interface Waiting {
  readonly job: ClaimedJob;
  readonly sinceMs: number;
}

/**
 * Starts claimed jobs. A job that was lost twice starts only when nothing else runs in this worker
 * and every outcome is recorded, and nothing starts beside it, so that it cannot take neighbours
 * down with its process. Until then it waits in its slot, and claims pause.
 *
 * Neither side waits forever: when what runs does not end, claims go on after a minute, for a
 * minute, and after ten minutes the job is released, which costs it no attempt. A job that waits
 * for the end of another that must run alone therefore needs a second worker, or a timeout.
 */
export class RunAlone {
  readonly #options: RunAloneOptions;
  #waiting: Waiting[] = [];
  /** A job runs alone, or ran alone until a moment ago. */
  #isAlone = false;
  #openUntil = Number.NEGATIVE_INFINITY;
  /** When claims were paused; null: they are not. */
  #drainingSince: number | null = null;

  constructor(options: RunAloneOptions) {
    this.#options = options;
  }

  /** Slots taken by jobs that wait. */
  get count(): number {
    return this.#waiting.length;
  }

  /** The jobs that wait. The ledger has them as running. */
  get attempts(): readonly HeldAttempt[] {
    return this.#waiting.map(({ job }) => ({ job_id: job.id, attempt: job.attempt }));
  }

  /** Whether a job that is claimed now could start soon. */
  get mayClaim(): boolean {
    return !this.#isAlone && this.#drainingSince === null;
  }

  /** Starts a claimed job, lets it wait, or releases it. */
  take(job: ClaimedJob, nowMs: number): void {
    const { running, mayRun, logger } = this.#options;
    const { losses } = job;
    if (!mayRun() || this.#isAlone) running.giveBack(job);
    else if (losses < LOSSES_BEFORE_ALONE) running.start(job);
    else {
      this.#waiting.push({ job, sinceMs: nowMs });
      this.#updatePhase(nowMs);
      logger.warn({ ...this.#factsOf(job), losses }, "a job that was lost before waits to run alone");
    }
  }

  /**
   * Starts or releases what waits, if it is time.
   * @param isClaiming whether a claim is in progress, whose jobs may start
   */
  step(nowMs: number, isClaiming: boolean): void {
    const { running, unsettledOutcomes, mayRun } = this.#options;
    const isIdle = running.isIdle && !isClaiming && unsettledOutcomes.count === 0;
    if (this.#isAlone && isIdle) {
      this.#isAlone = false;
      this.#openUntil = nowMs + OPEN_MS;
    }
    if (this.#waiting.length === 0) return;
    this.#release(mayRun() ? nowMs - WAIT_MS_MAX : Number.POSITIVE_INFINITY);
    this.#updatePhase(nowMs);
    if (!isIdle || this.#drainingSince === null) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#isAlone = true;
    this.#drainingSince = null;
    running.start(next.job);
  }

  #updatePhase(nowMs: number): void {
    if (this.#waiting.length === 0 || this.#isAlone || nowMs < this.#openUntil) {
      this.#drainingSince = null;
      return;
    }
    this.#drainingSince ??= nowMs;
    if (nowMs - this.#drainingSince < DRAIN_MS_MAX) return;
    this.#drainingSince = null;
    this.#openUntil = nowMs + DRAIN_MS_MAX;
  }

  /** @param sinceMs releases what waits since this time or longer */
  #release(sinceMs: number): void {
    const { running, logger } = this.#options;
    const due = this.#waiting.filter((waiting) => waiting.sinceMs <= sinceMs);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => waiting.sinceMs > sinceMs);
    for (const { job } of due) {
      logger.warn(this.#factsOf(job), "a job that has to run alone is released: it could not start here");
      running.giveBack(job);
    }
  }

  #factsOf({ id, attempt, kind }: ClaimedJob) {
    return { job_id: id, attempt, kind, worker_id: this.#options.workerId };
  }
}
