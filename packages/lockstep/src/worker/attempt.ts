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
import { type AttributedRun, attribute } from "../process-faults/index.js";
import { startTimer } from "../timing/index.js";
import { CommitPromise } from "./commit-promise.js";
import { runInTransaction } from "./commit-transaction.js";
import { type ContextSource, createContext } from "./context.js";
import { limitMs } from "./deadline.js";
import { handlerFault } from "./handler-fault.js";
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
  /**
   * The handler did something that changes nothing for its job, but that its author should know.
   */
  noticed(attempt: Attempt, message: string, error: unknown): void;
}

interface Commit {
  /** `failed`: everything was rolled back, and the handler may go on. */
  state: "under way" | "done" | "failed";
  error: unknown;
  readonly promise: CommitPromise<unknown>;
}

/** One run of one handler, from the claim until the handler returns. */
export class Attempt implements HeldAttempt, ContextSource {
  readonly job: ClaimedJob;
  /** Not read from `job` later: the handler has that object, and could change it. */
  readonly job_id: string;
  readonly attempt: number;
  readonly #run: AttributedRun | null;
  readonly #definition: AnyJobDefinition;
  readonly #host: AttemptHost;
  #phase: "running" | "runaway" | "returned" = "running";
  #stop: Stop | null = null;
  #commit: Commit | null = null;
  #controller: AbortController | null = null;
  #clearDeadline: (() => void) | null = null;
  #grace: NodeJS.Timeout | null = null;

  constructor(job: ClaimedJob, definition: AnyJobDefinition, host: AttemptHost) {
    this.job = job;
    this.job_id = job.id;
    this.attempt = job.attempt;
    this.#run = attribute(this);
    this.#definition = definition;
    this.#host = host;
  }

  /**
   * Whether the ledger must have this attempt as running. Nobody can know while the attempt commits
   * itself.
   */
  get isHeld(): boolean {
    return this.#phase === "running" && (this.#commit === null || this.#commit.state === "failed");
  }

  start(): void {
    const ms = limitMs(this.job, this.#definition.timeoutMs);
    if (ms !== null) this.#clearDeadline = startTimer(ms, () => this.stop("timeout"));
    let output: unknown;
    try {
      const input = parseInput(this.#definition.input, this.job.input);
      output = input instanceof Promise ? input.then((parsed) => this.#handle(parsed)) : this.#handle(input);
    } catch (error) {
      this.#threw(error);
      return;
    }
    if (isThenable(output)) void this.#follow(output);
    else this.#returned(output);
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
    if (this.#commit?.state !== "done") this.#settleStopped(this.#stop, undefined);
    this.#host.ranAway(this);
  }

  /**
   * Code of the handler that nobody awaited threw an exception, and the process is about to end:
   * fails the attempt without waiting for the handler.
   */
  fail(thrown: unknown): void {
    if (this.#phase !== "running" || this.#commit?.state === "done") return;
    const fault = handlerFault("uncaught", thrown);
    this.#phase = "runaway";
    this.#clearTimers();
    this.#controller?.abort(fault);
    this.#host.settle(this, failedOutcome(this.#onError(fault)));
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

  commit<Output extends Json>(write: (tx: SqlTransaction) => Promise<Output>): Promise<Output> {
    if (this.#phase !== "running") return CommitPromise.of<Output>(Promise.reject(this.#endedError()));
    if (this.#commit !== null && this.#commit.state !== "failed") {
      const fault = handlerFault("committed_twice");
      this.#host.noticed(this, "a handler called ctx.commit twice", fault);
      return CommitPromise.of<Output>(Promise.reject(fault));
    }
    const promise = CommitPromise.of(this.#commitOnce(write));
    const commit: Commit = { state: "under way", error: null, promise };
    this.#commit = commit;
    Promise.prototype.then.call(
      promise,
      () => {
        commit.state = "done";
        this.#host.reporter.forget(this);
      },
      (error: unknown) => {
        commit.state = "failed";
        commit.error = error;
      },
    );
    return promise;
  }

  get #mayReport(): boolean {
    return this.#phase === "running" && this.#commit?.state !== "done";
  }

  #handle(input: unknown): unknown {
    const run = () => this.#definition.run(input, createContext(this));
    return this.#run === null ? run() : this.#run.enter(run);
  }

  /** `await` accepts every thenable, and turns whatever its code throws into a rejection. */
  async #follow(output: unknown): Promise<void> {
    let value: unknown;
    try {
      value = await output;
    } catch (error) {
      this.#threw(error);
      return;
    }
    this.#returned(value);
  }

  #endedError(): FencedError {
    return new FencedError(`Attempt ${this.attempt} of job ${this.job_id} has ended; nothing was written.`);
  }

  async #commitOnce<Output extends Json>(write: (tx: SqlTransaction) => Promise<Output>): Promise<Output> {
    const { ledger, reporter, workerId } = this.#host;
    await reporter.flush(this);
    return await ledger.commitWith(
      { job_id: this.job_id, attempt: this.attempt, worker_id: workerId },
      async (tx) => {
        const value = await runInTransaction(tx, write);
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
    if (this.#waitsForCommit(() => this.#returned(value))) return;
    if (this.#commit?.state === "failed" && !this.#commit.promise.isAwaited) {
      this.#threw(handlerFault("commit_not_awaited", this.#commit.error));
      return;
    }
    this.#end();
    if (this.#commit?.state === "done") return;
    const output = outputJson(value);
    if (output.ok) this.#host.settle(this, { type: "completed", output: output.text });
    else this.#host.settleUnstorable(this, rawText(value), thrownText(output.issue));
  }

  #threw(thrown: unknown): void {
    if (this.#waitsForCommit(() => this.#threw(thrown))) return;
    const isCommitted = this.#commit?.state === "done";
    const isSettled = this.#phase === "runaway" || isCommitted;
    this.#end();
    if (isCommitted)
      this.#host.noticed(this, "a handler threw after its ctx.commit had completed the job", thrown);
    if (isSettled) return;
    if (this.#stop === null) this.#host.settle(this, failedOutcome(this.#onError(thrown)));
    else this.#settleStopped(this.#stop, thrown);
  }

  /**
   * The handler has ended before its commit, which it did not await. Only the commit's end decides
   * what the attempt's outcome is.
   */
  #waitsForCommit(then: () => void): boolean {
    if (this.#commit?.state !== "under way") return false;
    void Promise.prototype.then.call(this.#commit.promise, then, then);
    return true;
  }

  #end(): void {
    const wasRunaway = this.#phase === "runaway";
    this.#phase = "returned";
    this.#run?.end();
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

/** A value that cannot be asked is no promise: it is refused as an output. */
function isThenable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    return typeof (value as { then?: unknown }).then === "function";
  } catch {
    return false;
  }
}
