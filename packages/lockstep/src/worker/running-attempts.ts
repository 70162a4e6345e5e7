import type { Logger } from "pino";
import { type ArtifactStore, artifactWriter } from "../artifacts/index.js";
import { LockstepError } from "../errors.js";
import {
  type AnyJobDefinition,
  type ArtifactWriter,
  type AttemptOutcome,
  attemptError,
} from "../job/index.js";
import type { ClaimedAttempt, ClaimedJob, HeldAttempt, WorkerLedger } from "../ledger/index.js";
import { Attempt, type AttemptHost } from "./attempt.js";
import type { Stop } from "./outcome.js";
import type { Reporter } from "./reporter.js";
import { newUnsettled, type UnsettledOutcomes } from "./unsettled-outcomes.js";
import { keepUnstorable } from "./unstorable.js";

export interface RunningAttemptsOptions {
  readonly workerId: string;
  readonly ledger: Pick<WorkerLedger, "commitWith">;
  readonly definitions: readonly AnyJobDefinition[];
  readonly reporter: Reporter;
  readonly unsettledOutcomes: UnsettledOutcomes;
  readonly artifacts: ArtifactStore | null;
  readonly dataDir: string;
  readonly graceMs: number;
  readonly logger: Logger;
  /** A slot became free, or an outcome is ready to be settled. */
  onChange(): void;
}

const NO_ARTIFACTS: ArtifactWriter = {
  write: () =>
    Promise.reject(new LockstepError("INTERNAL", "This worker was started without an artifact store.")),
};

/**
 * The handlers that run in this worker, each in its slot. Passes their outcomes to the unsettled
 * outcomes.
 */
export class RunningAttempts implements AttemptHost {
  readonly workerId: string;
  readonly ledger: Pick<WorkerLedger, "commitWith">;
  readonly reporter: Reporter;
  readonly graceMs: number;
  readonly #options: RunningAttemptsOptions;
  readonly #definitions: ReadonlyMap<string, AnyJobDefinition>;
  readonly #attempts = new Set<Attempt>();
  #runaways = 0;
  /**
   * Attempts whose outcome is not yet among the unsettled outcomes: an unstorable output is being
   * written to a file.
   */
  readonly #ending = new Set<Attempt>();
  #idle: (() => void)[] = [];

  constructor(options: RunningAttemptsOptions) {
    this.#options = options;
    this.workerId = options.workerId;
    this.ledger = options.ledger;
    this.reporter = options.reporter;
    this.graceMs = options.graceMs;
    this.#definitions = new Map(options.definitions.map((definition) => [definition.kind, definition]));
  }

  /** Slots taken, runaways included. */
  get count(): number {
    return this.#attempts.size;
  }

  get runaways(): number {
    return this.#runaways;
  }

  get attempts(): Iterable<Attempt> {
    return this.#attempts;
  }

  /**
   * Attempts whose handler has returned and whose outcome is not yet among the unsettled outcomes.
   */
  get ending(): Iterable<Attempt> {
    return this.#ending;
  }

  /** Whether only runaway handlers are left and every outcome is among the unsettled outcomes. */
  get isIdle(): boolean {
    return this.#attempts.size === this.#runaways && this.#ending.size === 0;
  }

  /** Starts the job's handler synchronously. */
  start(job: ClaimedJob): void {
    const definition = this.#definitions.get(job.kind);
    if (definition === undefined) {
      this.giveBack(job);
      return;
    }
    const attempt = new Attempt(job, definition, this);
    this.#attempts.add(attempt);
    attempt.start();
  }

  /** Releases a job that was claimed and cannot run here. It costs the job no attempt. */
  giveBack(job: ClaimedJob): void {
    const { id: job_id, attempt, claim_token } = job;
    this.#add({ job_id, attempt, claim_token }, { type: "released" });
  }

  /** The ledger has reported that an attempt no longer belongs to this worker. */
  taken(attempt: HeldAttempt): void {
    for (const one of this.#attempts) if (one === attempt && one.isHeld) one.stop("taken");
  }

  stopAll(why: Stop): void {
    for (const attempt of [...this.#attempts]) attempt.stop(why);
  }

  /** Settles every attempt whose handler was asked to stop, without waiting any longer. */
  abandonAll(): void {
    for (const attempt of [...this.#attempts]) attempt.abandon();
  }

  /** Resolves when it is idle. */
  async whenIdle(): Promise<void> {
    if (this.isIdle) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  artifactsOf(attempt: HeldAttempt): ArtifactWriter {
    const { artifacts } = this.#options;
    return artifacts === null ? NO_ARTIFACTS : artifactWriter(artifacts, attempt.job_id, attempt.attempt);
  }

  returned(attempt: Attempt, wasRunaway: boolean): void {
    this.#attempts.delete(attempt);
    if (wasRunaway) this.#runaways -= 1;
    this.#options.onChange();
    if (this.#idle.length > 0) queueMicrotask(() => this.#notifyIdle()); // Its outcome is handed over first.
  }

  ranAway(attempt: Attempt): void {
    this.#runaways += 1;
    this.#options.logger.warn(
      this.#factsOf(attempt),
      "a handler does not stop: its attempt is settled, its slot stays taken",
    );
    this.#notifyIdle();
  }

  settle(attempt: Attempt, outcome: AttemptOutcome): void {
    if (outcome.type === "failed") {
      const { name, code } = outcome.error;
      const facts = {
        ...this.#factsOf(attempt),
        kind: attempt.job.kind,
        error: name,
        code,
        reason: outcome.reason,
      };
      this.#options.logger.warn(facts, "an attempt failed");
    }
    this.#add(attempt, outcome);
  }

  settleUnstorable(attempt: Attempt, text: string, why: string): void {
    this.#ending.add(attempt);
    void keepUnstorable(this.#options.dataDir, attempt, text, why).then((outcome) => {
      this.settle(attempt, outcome);
      this.#ending.delete(attempt);
      this.#notifyIdle();
    });
  }

  noticed(attempt: Attempt, message: string, error: unknown): void {
    const facts = { ...this.#factsOf(attempt), kind: attempt.job.kind, error: attemptError(error) };
    this.#options.logger.warn(facts, message);
  }

  /** An attempt's log lines are written before its outcome. */
  #add(attempt: ClaimedAttempt, outcome: AttemptOutcome): void {
    const { unsettledOutcomes, reporter, onChange } = this.#options;
    const settlement = {
      job_id: attempt.job_id,
      attempt: attempt.attempt,
      worker_id: this.workerId,
      claim_token: attempt.claim_token,
      outcome,
    };
    const unsettled = newUnsettled(settlement, performance.now());
    const reported = reporter.flush(attempt);
    unsettledOutcomes.add(unsettled, reported !== null);
    void reported?.then(() => {
      unsettledOutcomes.release(unsettled);
      onChange();
    });
    onChange();
  }

  #factsOf({ job_id, attempt }: HeldAttempt) {
    return { job_id, attempt, worker_id: this.workerId };
  }

  #notifyIdle(): void {
    if (!this.isIdle) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
