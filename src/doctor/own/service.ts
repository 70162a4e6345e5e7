import { LockstepError } from "../../errors.js";
import { newId } from "../../job/index.js";
import type { ApplyResult } from "../apply/apply-plan.js";
import type { RunRecord } from "../apply/run-record.js";
import type { UndoResult } from "../apply/undo-run.js";
import type { CheckProgress } from "../check/run-check.js";
import type { CheckSummary } from "../check/summary.js";
import { Doctor } from "../doctor.js";
import type { PlanResult } from "../plan/make-plan.js";
import { ledgerView, type OwnLedger } from "./ledger-view.js";
import type { NotedWrite } from "./own-stores.js";
import { type OwnCopies, type OwnWrites, projectionView } from "./projection-view.js";

export interface DoctorServiceOptions {
  readonly ledger: OwnLedger;
  /** null: there is no Redis, and so nothing that could differ. */
  readonly copies: OwnCopies | null;
  readonly writes: OwnWrites & {
    list(options: {
      readonly jobId?: string | null;
      readonly before?: string | null;
      readonly limit: number;
    }): Promise<readonly NotedWrite[]>;
    forget(): Promise<void>;
  };
  /** Absolute. */
  readonly stateDir: string;
  /** Seconds between two checks of its own. Default 300. */
  readonly everySeconds?: number;
  readonly onError: (error: unknown) => void;
}

/** A check that was asked for, or made by itself. */
export interface CheckRecord {
  readonly id: string;
  readonly status: "running" | "done" | "failed";
  readonly started_at: string;
  readonly progress: CheckProgress | null;
  readonly summary: CheckSummary | null;
  readonly error: string | null;
}

const CHECKS_KEPT = 50;
const QUIET_MS = 2_000;
/** More copies than this are not mended without a person: then something else is wrong. */
const MENDED_MAX = 1_000;

/** Watches Lockstep's own stores: the ledger against its copies. */
export class DoctorService {
  readonly #doctor: Doctor;
  readonly #options: DoctorServiceOptions;
  /** Newest last. */
  readonly #checks = new Map<string, CheckRecord>();
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #underWay: Promise<unknown> = Promise.resolve();
  #watching: Promise<void> | null = null;

  constructor(options: DoctorServiceOptions) {
    const { ledger, copies, writes, stateDir } = options;
    this.#options = options;
    this.#doctor = new Doctor({
      config: { version: 1, record: "ledger", quiet_period: QUIET_MS, compare_results: false, views: {} },
      stateDir,
      views: [
        ledgerView("ledger", ledger),
        ...(copies === null ? [] : [projectionView("redis", copies, writes)]),
      ],
    });
  }

  /** Begins to check by itself, first after one interval. */
  start(): void {
    const everyMs = (this.#options.everySeconds ?? 300) * 1_000;
    this.#timer ??= setInterval(() => {
      // One that takes longer than the interval is not overtaken by the next.
      if (this.#watching === null)
        this.#watching = this.#watch().finally(() => {
          this.#watching = null;
        });
    }, everyMs);
    this.#timer.unref();
  }

  /** Begins a check; its record tells how far it is. One at a time: a second call gets the one that runs. */
  check(): CheckRecord {
    for (const running of this.#checks.values()) if (running.status === "running") return running;
    const id = newId();
    const record: CheckRecord = {
      id,
      status: "running",
      started_at: new Date().toISOString(),
      progress: null,
      summary: null,
      error: null,
    };
    this.#keep(record);
    this.#underWay = this.#run(record);
    return record;
  }

  get(id: string): CheckRecord | null {
    return this.#checks.get(id) ?? null;
  }

  /** Newest first. */
  checks(): readonly CheckRecord[] {
    return [...this.#checks.values()].reverse();
  }

  /** The latest check that ended; null: none has. */
  latest(): CheckSummary | null {
    return this.checks().find(({ status }) => status === "done")?.summary ?? null;
  }

  plan(): Promise<PlanResult> {
    return this.#doctor.plan({ prefer: {}, acceptMapping: false, signal: this.#stop.signal });
  }

  /** @throws LockstepError PLAN_NOT_FOUND, PLAN_STALE */
  apply(
    plan: string,
    {
      repairsMax,
      only,
      ids,
      actor,
    }: {
      readonly repairsMax: number;
      readonly only: readonly string[] | null;
      readonly ids: readonly string[] | null;
      readonly actor: string;
    },
  ): Promise<ApplyResult> {
    const { signal } = this.#stop;
    return this.#doctor.apply(plan, { repairsMax, only, ids, actor, perSecond: null, signal });
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
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#stop.abort(new LockstepError("SHUTTING_DOWN", "the process is shutting down"));
    await this.#underWay;
    await this.#watching;
    await this.#doctor.close();
  }

  /** Wrong copies are mended at once, for the ledger is the record and a missing copy is no lie. Everything else waits for a person. */
  async #watch(): Promise<void> {
    const { id } = this.check();
    await this.#underWay;
    await this.#options.writes.forget().catch(this.#options.onError);
    const stale = this.get(id)?.summary?.patterns.find(({ pattern }) => pattern === "stale-surface");
    if (!stale || this.#stop.signal.aborted) return;
    try {
      const { plan } = await this.plan();
      if (plan !== null)
        await this.apply(plan, {
          repairsMax: MENDED_MAX,
          only: ["stale-surface"],
          ids: null,
          actor: "doctor",
        });
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#options.onError(error);
    }
  }

  async #run(record: CheckRecord): Promise<void> {
    try {
      const summary = await this.#doctor.check({
        signal: this.#stop.signal,
        onProgress: (progress) => this.#keep({ ...record, progress }),
      });
      this.#keep({ ...record, status: "done", progress: this.get(record.id)?.progress ?? null, summary });
    } catch (error) {
      const said =
        error instanceof LockstepError ? error.message : "something went wrong inside; the log says what";
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
