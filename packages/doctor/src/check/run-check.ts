import { LockstepError } from "lockstep/internal/errors";
import { compareJob } from "../compare/compare-job.js";
import type { PairRules } from "../compare/compare-pair.js";
import { mostlyUnmapped, WordTally } from "../compare/tally.js";
import type { Answer, Examination, ListedJob, Summary } from "../views/view.js";
import { type Confirmed, Confirmer } from "./confirmer.js";
import { type DriftFinding, findingOf } from "./finding.js";
import { observationOf, probe, probePages, type ViewSet } from "./probe.js";
import { SeenIds } from "./seen-ids.js";
import { CheckCounts, type CheckSummary } from "./summary.js";

export interface CheckOptions {
  readonly views: ViewSet;
  readonly rules: PairRules;
  /** How long a difference must last to be drift, in milliseconds. */
  readonly quietMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CheckProgress) => void;
  /**
   * Called once for each job in drift, in no particular order. Awaited, so a slow reader slows the
   * check down.
   */
  readonly onFinding?: (finding: DriftFinding, confirmed: Confirmed) => Promise<void> | void;
}

export interface CheckProgress {
  /** Entries read so far, and the estimated number in all views; null: unknown. */
  readonly done: number;
  readonly total: number | null;
  readonly drifting: number;
  /** Jobs that wait for their second look. */
  readonly open: number;
}

/**
 * Compares every job in every view. Reads only. The summary lists what could not be read; the check
 * is never clean then.
 * @throws LockstepError VIEW_MISMATCH when a view is not what the configuration says; the reason of
 *   `signal` when it is aborted
 */
export async function runCheck(options: CheckOptions): Promise<CheckSummary> {
  const run = new CheckRun(options);
  let interrupted: string | null = null;
  try {
    await run.run();
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code !== "VIEW_UNREADABLE") throw error;
    interrupted = error.message;
  }
  return run.summary(interrupted);
}

class CheckRun {
  readonly #options: CheckOptions;
  readonly #signal: AbortSignal;
  readonly #counts = new CheckCounts();
  readonly #words = new WordTally();
  readonly #confirmer: Confirmer;
  readonly #startedAt = new Date();
  #examinations: readonly Examination[] = [];
  #seen = new SeenIds(0);
  #done = 0;

  constructor(options: CheckOptions) {
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
    this.#confirmer = new Confirmer({
      views: options.views,
      rules: options.rules,
      quietMs: options.quietMs,
      signal: this.#signal,
      onDrift: (confirmed) => this.#found(confirmed),
      onUnclear: (id, verdict) => this.#counts.addUnclear(id, verdict),
    });
  }

  async run(): Promise<void> {
    const { record, others } = this.#options.views;
    this.#examinations = await Promise.all(
      [record, ...others].map((view) => probe(view, () => view.examine())),
    );
    this.#seen = new SeenIds(Math.max(...this.#examinations.map(({ countEstimate }) => countEstimate ?? 0)));
    for await (const page of probePages(record, record.pages(this.#signal))) {
      await this.#compareRecorded(page);
      this.#progress(page.length);
    }
    if (record.traits.absence === "meaningful")
      for (const view of others)
        for await (const ids of probePages(view, view.idPages(this.#signal))) {
          await this.#findOrphans(ids);
          this.#progress(ids.length);
        }
    await this.#confirmer.finish();
  }

  summary(interrupted: string | null): CheckSummary {
    const { record, others } = this.#options.views;
    const counted = this.#counts.summary();
    const isUnknown =
      interrupted !== null ||
      counted.unknown_jobs > 0 ||
      mostlyUnmapped(counted.unmapped_jobs, counted.compared) ||
      (counted.drifting === 0 && counted.unreadable_jobs > 0);
    return {
      started_at: this.#startedAt.toISOString(),
      seconds: Math.round((Date.now() - this.#startedAt.getTime()) / 10) / 100,
      record: record.name,
      views: [record, ...others].map(({ name, type }, index) => ({
        view: name,
        type,
        count_estimate: this.#examinations[index]?.countEstimate ?? null,
      })),
      notes: this.#examinations.flatMap(({ notes }) => notes),
      ...counted,
      agreeing: Math.max(0, counted.compared - counted.drifting - this.#confirmer.settling),
      settling: this.#confirmer.settling,
      brakes: [record, ...others].every(({ traits }) => traits.hasFixedWords)
        ? []
        : this.#counts.brakes(this.#words),
      interrupted,
      verdict: isUnknown ? "unknown" : counted.drifting > 0 ? "drift" : "clean",
    };
  }

  /** A page of the record: every job in it is looked up in the other views. */
  async #compareRecorded(page: readonly ListedJob[]): Promise<void> {
    const fresh = page.filter(({ id }) => this.#seen.add(id));
    const ids = fresh.map(({ id }) => id);
    const { others } = this.#options.views;
    const shown = await Promise.all(others.map((view) => probe(view, () => view.summaries(ids))));
    const suspects: string[] = [];
    for (const { id, answer } of fresh) if (this.#isSuspect(id, answer, shown)) suspects.push(id);
    await this.#confirmer.add(suspects);
  }

  #isSuspect(
    id: string,
    answer: Answer<Summary>,
    shown: readonly ReadonlyMap<string, Answer<Summary>>[],
  ): boolean {
    const { views, rules } = this.#options;
    const record = observationOf(views.record, answer);
    const others = views.others.map((view, index) => observationOf(view, shown[index]?.get(id)));
    const verdict = compareJob(record, others, rules);
    switch (verdict.type) {
      case "gone":
        return false;
      case "unknown":
      case "unmapped":
        this.#counts.addUnclear(id, verdict);
        return false;
      case "agree":
      case "drift":
        this.#counts.compared += 1;
        for (const other of others) this.#words.add(other, record);
        return verdict.type === "drift";
    }
  }

  /**
   * Ids of another view that the record's pages have not shown. The ones that the record lacks when
   * looked up are examined.
   */
  async #findOrphans(ids: readonly string[]): Promise<void> {
    const unseen = ids.filter((id) => this.#seen.add(id));
    if (unseen.length === 0) return;
    const { record } = this.#options.views;
    const known = await probe(record, () => record.summaries(unseen));
    const absent = unseen.filter((id) => known.get(id)?.state === "absent");
    this.#counts.compared += absent.length;
    await this.#confirmer.add(absent);
  }

  async #found(confirmed: Confirmed): Promise<void> {
    const finding = findingOf(confirmed);
    this.#counts.addFinding(finding);
    await this.#options.onFinding?.(finding, confirmed);
  }

  #progress(entries: number): void {
    this.#done += entries;
    const estimates = this.#examinations.map(({ countEstimate }) => countEstimate);
    const total = estimates.every((estimate) => estimate !== null)
      ? estimates.reduce((sum, estimate) => sum + estimate, 0)
      : null;
    this.#options.onProgress?.({
      done: this.#done,
      total: total === null ? null : Math.max(total, this.#done),
      drifting: this.#counts.drifting,
      open: this.#confirmer.open,
    });
  }
}
