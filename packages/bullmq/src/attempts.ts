import { type ArtifactStore, artifactWriter } from "lockstep/internal/artifacts";
import {
  type AnyJobDefinition,
  type AttemptOutcome,
  attemptError,
  unstorableOutcome,
} from "lockstep/internal/job";
import type { ClaimedAttempt, ClaimedJob, HeldAttempt, WorkerLedger } from "lockstep/internal/ledger";
import { Attempt, type AttemptHost, type Reporter, type Stop } from "lockstep/internal/worker";
import type { Logger } from "pino";

export interface AttemptsOptions {
  readonly workerId: string;
  readonly ledger: Pick<WorkerLedger, "commitWith">;
  readonly reporter: Reporter;
  readonly artifacts: ArtifactStore;
  readonly graceMs: number;
  readonly logger: Logger;
  /** Takes the outcome of a handler that returned after its attempt had been settled without it. */
  onLate(attempt: ClaimedAttempt, outcome: AttemptOutcome): void;
}

/** The handlers that run in this process for BullMQ's workers. */
export class Attempts {
  readonly workerId: string;
  readonly #options: AttemptsOptions;
  readonly #attempts = new Set<Attempt>();
  /** Attempts whose outcome waits until their log lines are written. */
  readonly #reporting = new Set<Attempt>();
  /** Attempts that were settled without their handler. */
  readonly #runaways = new Set<Attempt>();
  #idle: (() => void)[] = [];

  constructor(options: AttemptsOptions) {
    this.#options = options;
    this.workerId = options.workerId;
  }

  /** Handlers that have not returned, including runaways. */
  get count(): number {
    return this.#attempts.size;
  }

  get attempts(): Iterable<Attempt> {
    return this.#attempts;
  }

  /**
   * Runs a handler.
   * @returns its outcome; null when there is none to record, because it settled itself or its
   *   attempt was taken away
   */
  run(job: ClaimedJob, definition: AnyJobDefinition): Promise<AttemptOutcome | null> {
    return new Promise((resolve) => {
      const attempt = new Attempt(job, definition, this.#host(resolve));
      this.#attempts.add(attempt);
      attempt.start();
    });
  }

  stopAll(why: Stop): void {
    for (const attempt of [...this.#attempts]) attempt.stop(why);
  }

  /** Settles every attempt whose handler was asked to stop, without waiting any longer. */
  abandonAll(): void {
    for (const attempt of [...this.#attempts]) attempt.abandon();
  }

  /** Releases outcomes whose log lines cannot be written. */
  abandonReports(): void {
    for (const attempt of this.#reporting) this.#options.reporter.forget(attempt);
  }

  /** The ledger has reported that an attempt no longer belongs to this worker. */
  taken(attempt: HeldAttempt): void {
    for (const one of this.#attempts) if (one === attempt && one.isHeld) one.stop("taken");
  }

  /** Resolves when only runaway handlers are left. */
  async whenIdle(): Promise<void> {
    if (!this.#isIdle) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /**
   * The host of one attempt. It receives at most one outcome before the attempt has ended; a later
   * one may come late.
   */
  #host(ended: (outcome: AttemptOutcome | null) => void): AttemptHost {
    const { workerId, ledger, reporter, graceMs, artifacts, logger, onLate } = this.#options;
    let hasEnded = false;
    const end = (outcome: AttemptOutcome | null): void => {
      hasEnded = true;
      ended(outcome);
    };
    const settle = (attempt: Attempt, outcome: AttemptOutcome): void => {
      if (hasEnded) {
        onLate(attempt, outcome);
        return;
      }
      hasEnded = true;
      // Its log lines are written before its outcome.
      const reported = reporter.flush(attempt);
      if (reported !== null) this.#reporting.add(attempt);
      void (reported ?? Promise.resolve()).then(() => {
        this.#reporting.delete(attempt);
        ended(outcome);
      });
    };
    return {
      workerId,
      ledger,
      reporter,
      graceMs,
      settle,
      artifactsOf: (attempt) => artifactWriter(artifacts, attempt.job_id, attempt.attempt),
      settleUnstorable: (attempt, _text, why) => settle(attempt, unstorableOutcome(why)),
      noticed: ({ job_id, attempt, job: { kind } }, message, error) =>
        logger.warn({ job_id, attempt, kind, worker_id: workerId, error: attemptError(error) }, message),
      returned: (attempt) => {
        this.#attempts.delete(attempt);
        this.#runaways.delete(attempt);
        // If there is an outcome, it is handed over in this tick.
        queueMicrotask(() => {
          if (!hasEnded) end(null);
          this.#notifyIdle();
        });
      },
      ranAway: (attempt) => {
        const { job_id, attempt: number } = attempt;
        logger.warn(
          { job_id, attempt: number, worker_id: workerId },
          "a handler does not stop: its attempt is settled without it",
        );
        this.#runaways.add(attempt);
        if (!hasEnded) end(null);
        this.#notifyIdle();
      },
    };
  }

  get #isIdle(): boolean {
    return this.#attempts.size === this.#runaways.size;
  }

  #notifyIdle(): void {
    if (!this.#isIdle) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
