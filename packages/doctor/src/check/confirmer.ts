import { pause } from "lockstep/internal/timing";
import { compareJob, type DriftVerdict, type Verdict } from "../compare/compare-job.js";
import type { PairRules } from "../compare/compare-pair.js";
import type { Value } from "../views/view.js";
import { fingerprintsOf, type Observations, readAll, type ViewSet } from "./probe.js";

/** Jobs read at once. */
const BATCH = 500;
/**
 * Maximum number of jobs that wait for their second look; above it, the check waits for the oldest.
 */
const WAITING_MAX = 20_000;

interface Suspect {
  readonly id: string;
  readonly pattern: string;
  readonly fingerprints: string;
  readonly dueMs: number;
}

export interface Confirmed extends Observations<Value> {
  readonly verdict: DriftVerdict;
}

interface ConfirmerOptions {
  readonly views: ViewSet;
  readonly rules: PairRules;
  readonly quietMs: number;
  readonly signal: AbortSignal;
  readonly onDrift: (confirmed: Confirmed) => Promise<void>;
  /** Called for a job that cannot be judged after all. */
  readonly onUnclear: (id: string, verdict: Verdict) => void;
}

/**
 * Gives every suspect two full looks, at least the quiet period apart. A job that shows the same
 * drift and the same fingerprints in both is in drift; every other job was still changing.
 */
export class Confirmer {
  readonly #options: ConfirmerOptions;
  #fresh: string[] = [];
  /** In the order of their second look. */
  #waiting: Suspect[] = [];
  settling = 0;

  constructor(options: ConfirmerOptions) {
    this.#options = options;
  }

  get open(): number {
    return this.#fresh.length + this.#waiting.length;
  }

  /**
   * Adds suspects, and gives those that are due their second look. Waits when too many are open.
   */
  async add(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#fresh.push(id);
    while (this.#fresh.length >= BATCH) await this.#checkFirst(this.#fresh.splice(0, BATCH));
    await this.#checkAgain(performance.now());
    while (this.#waiting.length > WAITING_MAX) await this.#waitForBatch();
  }

  /** Waits until every suspect has had its second look. */
  async finish(): Promise<void> {
    if (this.#fresh.length > 0) await this.#checkFirst(this.#fresh.splice(0));
    while (this.#waiting.length > 0) await this.#waitForBatch();
  }

  async #checkFirst(ids: readonly string[]): Promise<void> {
    const { views, rules, quietMs, onUnclear } = this.#options;
    const seen = await readAll(views, ids);
    const dueMs = performance.now() + quietMs;
    for (const job of seen) {
      const verdict = compareJob(job.record, job.others, rules);
      if (verdict.type === "unknown" || verdict.type === "unmapped") onUnclear(job.id, verdict);
      else if (verdict.type !== "drift" || job.isMoving) this.settling += 1;
      else
        this.#waiting.push({
          id: job.id,
          pattern: verdict.pattern,
          fingerprints: fingerprintsOf([job.record, ...job.others]),
          dueMs,
        });
    }
  }

  async #checkAgain(nowMs: number): Promise<void> {
    while ((this.#waiting[0]?.dueMs ?? Number.POSITIVE_INFINITY) <= nowMs) {
      const due = this.#waiting.slice(0, BATCH).filter((suspect) => suspect.dueMs <= nowMs);
      this.#waiting = this.#waiting.slice(due.length);
      await this.#confirm(due);
    }
  }

  async #confirm(due: readonly Suspect[]): Promise<void> {
    const { views, rules, onDrift, onUnclear } = this.#options;
    const seen = await readAll(
      views,
      due.map(({ id }) => id),
    );
    for (const [index, job] of seen.entries()) {
      const suspect = due[index];
      const verdict = compareJob(job.record, job.others, rules);
      const isSame = suspect?.fingerprints === fingerprintsOf([job.record, ...job.others]);
      if (verdict.type === "unknown" || verdict.type === "unmapped") onUnclear(job.id, verdict);
      else if (verdict.type === "drift" && verdict.pattern === suspect?.pattern && isSame && !job.isMoving)
        await onDrift({ ...job, verdict });
      else this.settling += 1;
    }
  }

  async #waitForBatch(): Promise<void> {
    const due = this.#waiting[Math.min(BATCH, this.#waiting.length) - 1];
    const waitMs = (due?.dueMs ?? 0) - performance.now();
    await pause(Math.ceil(waitMs), this.#options.signal);
    this.#options.signal.throwIfAborted();
    await this.#checkAgain(performance.now());
  }
}
