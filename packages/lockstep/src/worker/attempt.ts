import { crashPoint } from "../crash-point.js";
import { FencedError, LockstepError } from "../errors.js";
import type {
  AnyJobDefinition,
  ArtifactWriter,
  AttemptOutcome,
  Json,
  LogLevel,
  SqlTransaction,
} from "../job/index.js";
import type { ClaimedJob, HeldAttempt, WorkerLedger } from "../ledger/index.js";
import { startTimer } from "../timing/index.js";
import { type ContextSource, createContext } from "./context.js";
import { remainingMs } from "./deadline.js";
import { failedOutcome, type Stop, stopError, stoppedOutcome } from "./outcome.js";
import { parseInput } from "./parse-input.js";
import type { Reporter } from "./reporter.js";
import { outputJson, rawText, thrownText } from "./unstorable.js";

/** What an attempt needs from its worker. */
export interface AttemptHost {
  readonly workerId: string;
  readonly ledger: Pick<WorkerLedger, "commitWith">;
  readonly reporter: Reporter;
  /** How long a handler may run after a stop request before its attempt is settled without it. */
  readonly graceMs: number;
  artifactsOf(attempt: HeldAttempt): ArtifactWriter;
  /**
   * The handler has returned, so its slot is free. If there is an outcome, it follows immediately.
   */
  returned(attempt: Attempt, wasRunaway: boolean): void;
  /**
   * The handler did not stop: its attempt has been settled without it, and its slot is still taken.
   */
  ranAway(attempt: Attempt): void;
  /** Takes over an outcome. From here on it cannot be lost. */
  settle(attempt: Attempt, outcome: AttemptOutcome): void;
  /** Takes over an output that the ledger cannot store. */
  settleUnstorable(attempt: Attempt, text: string, why: string): void;
}

/** One run of one handler, from the claim until the handler returns. */
export class Attempt implements HeldAttempt, ContextSource {
  readonly job: ClaimedJob;
  readonly #definition: AnyJobDefinition;
  readonly #host: AttemptHost;
  #phase: "running" | "runaway" | "returned" = "running";
  #stop: Stop | null = null;
  #commit: "none" | "under way" | "done" = "none";
  #controller: AbortController | null = null;
  #clearDeadline: (() => void) | null = null;
  #grace: NodeJS.Timeout | null = null;

  constructor(job: ClaimedJob, definition: AnyJobDefinition, host: AttemptHost) {
    this.job = job;
    this.#definition = definition;
    this.#host = host;
  }

  get job_id(): string {
    return this.job.id;
  }

  get attempt(): number {
    return this.job.attempt;
  }

  /**
   * Whether the ledger must have this attempt as running. Nobody can know while the attempt commits
   * itself.
   */
  get isHeld(): boolean {
    return this.#phase === "running" && this.#commit === "none";
  }

  start(): void {
    const limitMs = remainingMs(this.job, this.#definition.timeoutMs);
    if (limitMs !== null) this.#clearDeadline = startTimer(limitMs, () => this.stop("timeout"));
    let output: unknown;
    try {
      const input = parseInput(this.#definition.input, this.job.input);
      output = input instanceof Promise ? input.then((parsed) => this.#run(parsed)) : this.#run(input);
    } catch (error) {
      this.#threw(error);
      return;
    }
    if (!isThenable(output)) this.#returned(output);
    else
      Promise.resolve(output).then(
        (value) => this.#returned(value),
        (error: unknown) => this.#threw(error),
      );
  }

  /** Asks the handler to stop. The first reason is kept. */
  stop(why: Stop): void {
    if (this.#stop !== null || this.#phase !== "running") return;
    this.#stop = why;
    this.#grace = setTimeout(() => this.abandon(), this.#host.graceMs);
    this.#controller?.abort(stopError(why));
  }

  /** Settles the attempt of a handler that was asked to stop, without waiting any longer. */
  abandon(): void {
    if (this.#phase !== "running" || this.#stop === null) return;
    this.#phase = "runaway";
    this.#clearTimers();
    if (this.#commit !== "done") this.#settleStopped(this.#stop, undefined);
    this.#host.ranAway(this);
  }

  signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#stop !== null) this.#controller.abort(stopError(this.#stop));
    }
    return this.#controller.signal;
  }

  artifacts(): ArtifactWriter {
    return this.#host.artifactsOf(this);
  }

  progress(fraction: number, message?: string): void {
    if (this.#mayReport) this.#host.reporter.progress(this, fraction, message);
  }

  log(message: string, level: LogLevel): void {
    if (this.#mayReport) this.#host.reporter.log(this, level, message);
  }

  async commit<Output extends Json>(write: (tx: SqlTransaction) => Promise<Output>): Promise<Output> {
    if (!this.isHeld)
      throw new FencedError(`Attempt ${this.attempt} of job ${this.job_id} has ended; nothing was written.`);
    this.#commit = "under way";
    try {
      const output = await this.#commitOnce(write);
      this.#commit = "done";
      this.#host.reporter.forget(this);
      return output;
    } catch (error) {
      this.#commit = "none";
      throw error;
    }
  }

  get #mayReport(): boolean {
    return this.#phase === "running" && this.#commit !== "done";
  }

  #run(input: unknown): unknown {
    return this.#definition.run(input, createContext(this));
  }

  async #commitOnce<Output extends Json>(write: (tx: SqlTransaction) => Promise<Output>): Promise<Output> {
    const { ledger, reporter, workerId } = this.#host;
    await reporter.flush(this);
    return await ledger.commitWith(
      { job_id: this.job_id, attempt: this.attempt, worker_id: workerId },
      async (tx) => {
        const value = await write(tx);
        const json = outputJson(value);
        if (!json.ok) throw new LockstepError("RESULT_UNSTORABLE", thrownText(json.issue));
        return { output: json.text, value };
      },
    );
  }

  /**
   * A finished result is always handed over, even after the attempt was settled without it. The
   * ledger decides whether it still counts, and otherwise keeps it beside the job.
   */
  #returned(value: unknown): void {
    crashPoint("handler: returned, outcome not kept");
    this.#end();
    if (this.#commit === "done") return;
    const output = outputJson(value);
    if (output.ok) this.#host.settle(this, { type: "completed", output: output.text });
    else this.#host.settleUnstorable(this, rawText(value), thrownText(output.issue));
  }

  #threw(thrown: unknown): void {
    const isSettled = this.#phase === "runaway" || this.#commit === "done";
    this.#end();
    if (isSettled) return;
    if (this.#stop === null) this.#host.settle(this, failedOutcome(this.#onError(thrown)));
    else this.#settleStopped(this.#stop, thrown);
  }

  #end(): void {
    const wasRunaway = this.#phase === "runaway";
    this.#phase = "returned";
    this.#clearTimers();
    this.#host.returned(this, wasRunaway);
  }

  #settleStopped(stop: Stop, thrown: unknown): void {
    const outcome = stoppedOutcome(stop, this.#onError(thrown));
    if (outcome === null) this.#host.reporter.forget(this);
    else this.#host.settle(this, outcome);
  }

  #onError(thrown: unknown) {
    return { thrown, retry: this.#definition.retry, failures: this.job.failures, random: Math.random() };
  }

  #clearTimers(): void {
    this.#clearDeadline?.();
    if (this.#grace) clearTimeout(this.#grace);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
