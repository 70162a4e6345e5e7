import { resolve } from "node:path";
import { LockstepError } from "lockstep/internal/errors";
import { isId } from "lockstep/internal/job";
import {
  type ApplyOptions,
  type ApplyResult,
  applyPlan,
  type ReadyPlan,
  readyPlan,
} from "./apply/apply-plan.js";
import { type RunRecord, readHistory } from "./apply/run-history.js";
import { openStateFolder, type StateFolder } from "./apply/state-folder.js";
import { type UndoOptions, type UndoResult, undoRun } from "./apply/undo-run.js";
import { type DriftFinding, findingOf, type Shown, shownOf } from "./check/finding.js";
import { probe, readAll, type ViewSet } from "./check/probe.js";
import { type CheckOptions, runCheck } from "./check/run-check.js";
import type { CheckSummary } from "./check/summary.js";
import { compareJob, type Verdict } from "./compare/compare-job.js";
import { configHash } from "./config/config-hash.js";
import type { DoctorConfig } from "./config/doctor-config.js";
import type { LockstepStores } from "./lockstep/lockstep-stores.js";
import { makePlan, type PlanOptions, type PlanResult } from "./plan/make-plan.js";
import { openViewStores } from "./stores/open-store-connections.js";
import { openView } from "./views/registry.js";
import type { View } from "./views/view.js";

export interface DoctorOptions {
  readonly config: DoctorConfig;
  /** Absolute path of the folder that keeps plans and the journals of runs. */
  readonly stateDir: string;
  /** Views that are already open, used instead of those of the configuration. */
  readonly views?: readonly View[];
  /** Opens views of Lockstep's own stores. Closed with the doctor. */
  readonly own?: LockstepStores;
}

/** One job as every view shows it. */
export interface SideBySide {
  readonly id: string;
  readonly verdict: Verdict["type"];
  /** A view changed while the job was being read. */
  readonly is_moving: boolean;
  readonly finding: DriftFinding | null;
  readonly views: readonly Shown[];
}

type CallerOptions<Options> = Omit<
  Options,
  "views" | "rules" | "quietMs" | "folder" | "configHash" | "obstacles"
>;

type ApplyRequest = Omit<CallerOptions<ApplyOptions>, "planPath" | "actor"> &
  Partial<Pick<ApplyOptions, "actor">>;
type UndoRequest = Omit<CallerOptions<UndoOptions>, "run" | "actor"> & Partial<Pick<UndoOptions, "actor">>;

/** The actor that is recorded when none is given. */
const ACTOR = "doctor";

/**
 * The views of one configuration, and the operations on them. The constructor opens no connection.
 */
export class Doctor {
  readonly config: DoctorConfig;
  readonly #stores = openViewStores();
  readonly #views: ViewSet;
  readonly #stateDir: string;
  #folder: Promise<StateFolder> | null = null;

  readonly #own: LockstepStores | undefined;

  constructor({ config, stateDir, views, own }: DoctorOptions) {
    this.config = config;
    this.#own = own;
    this.#stateDir = stateDir;
    const opened =
      views ??
      Object.entries(config.views).map(([name, view]) =>
        openView({ name, config: view, stores: this.#stores, own }),
      );
    const record = opened.find(({ name }) => name === config.record);
    if (!record) throw new LockstepError("INVALID_CONFIG", `no view is named ${config.record}`);
    this.#views = { record, others: opened.filter((view) => view !== record) };
  }

  /** Compares everything. Reads only. @throws LockstepError VIEW_MISMATCH */
  check(options: CallerOptions<CheckOptions> = {}): Promise<CheckSummary> {
    return runCheck({ ...options, ...this.#checked() });
  }

  /** Every view of one job, side by side. @throws LockstepError VIEW_UNREADABLE, VIEW_MISMATCH */
  async explain(id: string): Promise<SideBySide> {
    await this.#examine();
    const [job] = await readAll(this.#views, [id]);
    if (!job) throw new LockstepError("INTERNAL", "no view answered");
    const verdict = compareJob(job.record, job.others, this.#checked().rules);
    return {
      id,
      verdict: verdict.type,
      is_moving: job.isMoving,
      finding: verdict.type === "drift" ? findingOf({ ...job, verdict }) : null,
      views: [...job.others, job.record].map(shownOf),
    };
  }

  /**
   * Checks, and writes a plan with the repair of each job in drift.
   * @throws LockstepError PLAN_BRAKED, VIEW_UNREADABLE
   */
  async plan(options: CallerOptions<PlanOptions>): Promise<PlanResult> {
    const obstacles = await this.#examineForWriting();
    return await makePlan({
      ...options,
      obstacles,
      ...this.#checked(),
      folder: await this.#openFolder(),
      configHash: configHash(this.config),
    });
  }

  /** Checks whether a plan can be applied now. @throws LockstepError PLAN_STALE, PLAN_NOT_FOUND */
  async ready(plan: string): Promise<ReadyPlan & { readonly path: string }> {
    const planPath = await this.planPath(plan);
    const folder = await this.#openFolder();
    const ready = await readyPlan({ planPath, folder, configHash: configHash(this.config) });
    return { ...ready, path: planPath };
  }

  /**
   * @param plan its id, or the path of its file.
   * @throws LockstepError PLAN_STALE, PLAN_NOT_FOUND, VIEW_MISMATCH when the record must not be
   *   written
   */
  async apply(plan: string, options: ApplyRequest): Promise<ApplyResult> {
    await this.#examineForWriting();
    return await applyPlan({
      actor: ACTOR,
      ...options,
      planPath: await this.planPath(plan),
      views: this.#views,
      folder: await this.#openFolder(),
      configHash: configHash(this.config),
    });
  }

  /** @throws LockstepError RUN_NOT_FOUND, PLAN_STALE */
  async undo(run: string, options: UndoRequest): Promise<UndoResult> {
    if (!isId(run)) throw new LockstepError("RUN_NOT_FOUND", "a run is named by its id");
    await (options.dryRun ? this.#examine() : this.#examineForWriting());
    return await undoRun({
      actor: ACTOR,
      ...options,
      run,
      views: this.#views,
      folder: await this.#openFolder(),
      configHash: configHash(this.config),
    });
  }

  /** Every run kept in the state folder, newest first. */
  async history(): Promise<readonly RunRecord[]> {
    return await readHistory(await this.#openFolder());
  }

  async planPath(plan: string): Promise<string> {
    return isId(plan) ? (await this.#openFolder()).planPath(plan) : resolve(plan);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#views.record, ...this.#views.others].map((view) => view.close()));
    await this.#stores.close();
    await this.#own?.close();
  }

  #checked() {
    return {
      views: this.#views,
      rules: { compareResults: this.config.compare_results },
      quietMs: this.config.quiet_period,
    };
  }

  #openFolder(): Promise<StateFolder> {
    this.#folder ??= openStateFolder(this.#stateDir);
    return this.#folder;
  }

  /**
   * Views must examine their tables before jobs are read.
   * @returns why views must not be written, by name
   */
  async #examine(): Promise<ReadonlyMap<string, string>> {
    const all = [this.#views.record, ...this.#views.others];
    const examined = await Promise.all(all.map((view) => probe(view, () => view.examine())));
    return new Map(
      all.flatMap(({ name }, index) => {
        const obstacle = examined[index]?.writeObstacle ?? null;
        return obstacle === null ? [] : [[name, obstacle] as const];
      }),
    );
  }

  /** @throws LockstepError VIEW_MISMATCH when the record must not be written */
  async #examineForWriting(): Promise<ReadonlyMap<string, string>> {
    const obstacles = await this.#examine();
    const why = obstacles.get(this.config.record);
    if (why !== undefined) throw new LockstepError("VIEW_MISMATCH", `view ${this.config.record}: ${why}`);
    return obstacles;
  }
}
