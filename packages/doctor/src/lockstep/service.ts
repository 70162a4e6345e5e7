import { LockstepError } from "lockstep/internal/errors";
import { type Copies, newId } from "lockstep/internal/job";
import { createLoop, type Loop } from "lockstep/internal/timing";
import type { ApplyOptions, ApplyResult } from "../apply/apply-plan.js";
import type { RunRecord } from "../apply/run-history.js";
import type { UndoResult } from "../apply/undo-run.js";
import type { CheckProgress } from "../check/run-check.js";
import type { CheckSummary } from "../check/summary.js";
import type { Pattern } from "../compare/patterns.js";
import { Doctor } from "../doctor.js";
import type { PlanResult } from "../plan/make-plan.js";
import { type PlanPage, type PlanPageFilter, readPlanPage } from "../plan/read-plan.js";
import type { View } from "../views/view.js";
import { type Cell, type FoundJob, FoundList } from "./found-list.js";
import { type LockstepLedger, ledgerView } from "./ledger-view.js";
import type { NotedWrite } from "./lockstep-stores.js";
import { type LockstepWrites, projectionView } from "./projection-view.js";

export interface DoctorServiceOptions {
  readonly ledger: LockstepLedger;
  /** null: there is no Redis, so nothing can differ. */
  readonly copies: Copies | null;
  readonly writes: LockstepWrites & {
    list(options: {
      readonly jobId?: string | null;
      readonly before?: string | null;
      readonly limit: number;
    }): Promise<readonly NotedWrite[]>;
    forget(): Promise<void>;
  };
  /** An absolute path. */
  readonly stateDir: string;
  /** Seconds between two automatic checks. Default 300. */
  readonly everySeconds?: number;
  readonly onError: (error: unknown) => void;
}

/** A requested or automatic check. */
export interface CheckRecord {
  readonly id: string;
  readonly status: "running" | "done" | "failed";
  readonly started_at: string;
  readonly progress: CheckProgress | null;
  readonly summary: CheckSummary | null;
  /** The number of findings by pattern and planned action. */
  readonly cells: readonly Cell[];
  readonly error: string | null;
}

/** The progress of applying a plan. */
interface ApplyProgress {
  readonly written: number;
  readonly changed: number;
  readonly refused: number;
}

type ApplyWhat = Pick<ApplyOptions, "repairsMax" | "only" | "ids" | "perSecond" | "actor">;

interface Applying {
  readonly stop: AbortController;
  readonly counts: { written: number; changed: number; refused: number };
}

const CHECKS_KEPT = 50;
const QUIET_MS = 2_000;
/** Patterns in which the copy is wrong and the job is right. */
const REPAIRED: readonly Pattern[] = ["stale-surface", "result-mismatch"];
/** More copies than this are not repaired automatically: then something else is wrong. */
const REPAIRED_MAX = 1_000;

/** Checks Lockstep's own stores at an interval: the ledger against its copies. */
export class DoctorService {
  readonly #doctor: Doctor;
  readonly #options: DoctorServiceOptions;
  readonly #views: readonly View[];
  /** The newest is last. */
  readonly #checks = new Map<string, CheckRecord>();
  /** The jobs of the latest completed check. Lists of older checks are not kept. */
  #found: { readonly check: string; readonly jobs: FoundList } | null = null;
  /** Keyed by the plan's id. */
  readonly #applying = new Map<string, Applying>();
  readonly #stop = new AbortController();
  readonly #watches: Loop;
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(options: DoctorServiceOptions) {
    const { ledger, copies, writes, stateDir } = options;
    this.#options = options;
    const everyMs = (options.everySeconds ?? 300) * 1_000;
    this.#watches = createLoop(() => this.#watch().then(() => everyMs), { firstMs: everyMs, mayExit: true });
    this.#views = [
      ledgerView("ledger", ledger),
      ...(copies === null ? [] : [projectionView("redis", copies, writes)]),
    ];
    this.#doctor = new Doctor({
      config: { version: 1, record: "ledger", quiet_period: QUIET_MS, compare_results: false, views: {} },
      stateDir,
      views: this.#views,
    });
  }

  /** Starts the automatic checks; the first one runs after one interval. */
  start(): void {
    this.#watches.start();
  }

  /**
   * Starts a check; its record shows the progress. Only one runs at a time: a second call returns
   * the running one.
   */
  check(): CheckRecord {
    for (const running of this.#checks.values()) if (running.status === "running") return running;
    const id = newId();
    const record: CheckRecord = {
      id,
      status: "running",
      started_at: new Date().toISOString(),
      progress: null,
      summary: null,
      cells: [],
      error: null,
    };
    this.#keep(record);
    this.#underWay = this.#run(record);
    return record;
  }

  get(id: string): CheckRecord | null {
    return this.#checks.get(id) ?? null;
  }

  /** The checks, newest first. */
  checks(): readonly CheckRecord[] {
    return [...this.#checks.values()].reverse();
  }

  /**
   * The jobs that a check found, at most 200 of each cell; null: the check is not the latest one
   * that ended.
   */
  found(
    check: string,
    filter: { readonly pattern: string | null; readonly action: string | null },
  ): readonly FoundJob[] | null {
    return this.#found?.check === check ? this.#found.jobs.list(filter) : null;
  }

  /** The latest check that ended; null: none has ended. */
  latest(): CheckSummary | null {
    return this.checks().find(({ status }) => status === "done")?.summary ?? null;
  }

  plan(): Promise<PlanResult> {
    return this.#doctor.plan({ prefer: {}, acceptMapping: false, signal: this.#stop.signal });
  }

  /**
   * Some of a plan's repairs.
   * @throws LockstepError PLAN_NOT_FOUND, PLAN_STALE when it was edited
   */
  async readPlan(plan: string, filter: PlanPageFilter): Promise<PlanPage> {
    return await readPlanPage(await this.#doctor.planPath(plan), filter);
  }

  /** The progress of applying a plan; null: it is not being applied. */
  applying(plan: string): ApplyProgress | null {
    return this.#applying.get(plan)?.counts ?? null;
  }

  /**
   * Stops an apply after the current writes; applying the plan again resumes it.
   * @returns whether one was running
   */
  stopApply(plan: string): boolean {
    const applying = this.#applying.get(plan);
    applying?.stop.abort();
    return applying !== undefined;
  }

  /** @throws LockstepError PLAN_NOT_FOUND, PLAN_STALE, DOCTOR_BUSY */
  async apply(plan: string, options: ApplyWhat): Promise<ApplyResult> {
    if (this.#applying.has(plan))
      throw new LockstepError(
        "DOCTOR_BUSY",
        "this plan is already being applied: wait until it has finished",
      );
    this.#stop.signal.throwIfAborted();
    const { stop, counts } = { stop: new AbortController(), counts: { written: 0, changed: 0, refused: 0 } };
    this.#applying.set(plan, { stop, counts });
    try {
      return await this.#doctor.apply(plan, {
        ...options,
        signal: stop.signal,
        onOutcomes: (outcomes) => {
          for (const { outcome } of outcomes) counts[outcome] += 1;
        },
      });
    } finally {
      this.#applying.delete(plan);
    }
  }

  /** @throws LockstepError RUN_NOT_FOUND, PLAN_STALE */
  undo(run: string, options: { readonly dryRun: boolean; readonly actor: string }): Promise<UndoResult> {
    return this.#doctor.undo(run, { ...options, signal: this.#stop.signal });
  }

  /** Each write to one of Lockstep's own stores, newest first, whichever process made it. */
  writes(options: Parameters<DoctorServiceOptions["writes"]["list"]>[0]): Promise<readonly NotedWrite[]> {
    return this.#options.writes.list(options);
  }

  history(): Promise<readonly RunRecord[]> {
    return this.#doctor.history();
  }

  async stop(): Promise<void> {
    this.#stop.abort(new LockstepError("SHUTTING_DOWN", "the process is shutting down"));
    for (const { stop } of this.#applying.values()) stop.abort();
    await this.#watches.stop();
    await this.#underWay;
    await this.#doctor.close();
  }

  /**
   * Wrong copies are repaired at once, because the ledger is the record. Everything else waits for
   * a person.
   */
  async #watch(): Promise<void> {
    const { id } = this.check();
    await this.#underWay;
    await this.#options.writes.forget().catch(this.#options.onError);
    const wrong = this.get(id)?.summary?.patterns.some(({ pattern }) => REPAIRED.includes(pattern));
    if (!wrong || this.#stop.signal.aborted) return;
    try {
      const { plan } = await this.plan();
      if (plan === null) return;
      const options = {
        repairsMax: REPAIRED_MAX,
        only: REPAIRED,
        ids: null,
        perSecond: null,
        actor: "doctor",
      };
      await this.apply(plan, options);
      this.check();
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#options.onError(error);
    }
  }

  async #run(record: CheckRecord): Promise<void> {
    const jobs = new FoundList(this.#views);
    try {
      const summary = await this.#doctor.check({
        signal: this.#stop.signal,
        onProgress: (progress) => this.#keep({ ...record, progress }),
        onFinding: (finding, confirmed) => jobs.add(finding, confirmed),
      });
      this.#found = { check: record.id, jobs };
      const progress = this.get(record.id)?.progress ?? null;
      this.#keep({ ...record, status: "done", progress, summary, cells: jobs.cells() });
    } catch (error) {
      const said = error instanceof LockstepError ? error.message : "an internal error occurred: see the log";
      this.#keep({ ...record, status: "failed", error: said });
      if (!this.#stop.signal.aborted) this.#options.onError(error);
    }
  }

  #keep(record: CheckRecord): void {
    this.#checks.set(record.id, record);
    const [oldest] = this.#checks.keys();
    if (this.#checks.size > CHECKS_KEPT && oldest !== undefined) this.#checks.delete(oldest);
  }
}
