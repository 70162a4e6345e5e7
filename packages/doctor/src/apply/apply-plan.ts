import { writeFile } from "node:fs/promises";
import { LockstepError } from "lockstep/internal/errors";
import { acquireFileLock } from "lockstep/internal/file-lock";
import { newId } from "lockstep/internal/job";
import { pause } from "lockstep/internal/timing";
import type { ViewSet } from "../check/probe.js";
import type { PlanHeader, PlanItem } from "../plan/plan.js";
import { planItems, verifyPlan } from "../plan/plan-file.js";
import { applyBatch, settleOpen } from "./apply-batch.js";
import { type Journal, openJournal, type RepairOutcome, type RunBegin, type RunEnd } from "./journal.js";
import { readConsumingRun } from "./plan-consumed.js";
import { readRun } from "./run-history.js";
import type { StateFolder } from "./state-folder.js";

/** Items whose before images are synced to disk together. */
const BATCH_MAX = 50;

export interface ApplyOptions {
  readonly views: ViewSet;
  readonly folder: StateFolder;
  readonly planPath: string;
  readonly configHash: string;
  /** Maximum number of writes. */
  readonly repairsMax: number;
  /** Who requested the run. */
  readonly actor: string;
  /** Only these patterns and these ids; null: all. */
  readonly only: readonly string[] | null;
  readonly ids: readonly string[] | null;
  /** Maximum writes per second; null: as fast as the stores accept them. */
  readonly perSecond: number | null;
  /** Ends the run after the current batch; it can be resumed. */
  readonly signal?: AbortSignal;
  readonly onOutcomes?: (outcomes: readonly RepairOutcome[]) => void;
}

export interface ApplyResult {
  readonly run: string;
  readonly reason: RunEnd["reason"];
  readonly written: number;
  /** Left alone, because they have changed since the plan was made. */
  readonly changed: number;
  readonly refused: number;
  readonly resumed: boolean;
}

/** A plan that can be applied now. */
export interface ReadyPlan {
  readonly header: PlanHeader;
  /** The run of this plan to resume; null: a new run is started. */
  readonly unfinished: RunBegin | null;
}

/**
 * @throws LockstepError PLAN_STALE (expired, edited, used, or made with another configuration),
 *   PLAN_NOT_FOUND
 */
export async function readyPlan({
  folder,
  planPath,
  configHash,
}: Pick<ApplyOptions, "folder" | "planPath" | "configHash">): Promise<ReadyPlan> {
  const { header } = await verifyPlan(planPath);
  if (header.config_hash !== configHash)
    throw new LockstepError("PLAN_STALE", "the plan was made with another configuration: make a new plan");
  const unfinished = await unfinishedRun(folder, header.plan);
  if (unfinished === null && Date.parse(header.expires_at) < Date.now())
    throw new LockstepError("PLAN_STALE", `the plan expired at ${header.expires_at}: make a new plan`);
  return { header, unfinished };
}

/**
 * Applies a plan, or resumes a run of it that stopped or crashed. Each write is compared with what
 * the plan saw, and its before image is on disk before the write.
 * @throws LockstepError PLAN_STALE, PLAN_NOT_FOUND, DOCTOR_BUSY
 */
export async function applyPlan(options: ApplyOptions): Promise<ApplyResult> {
  const { folder } = options;
  const { plan } = (await readyPlan(options)).header;
  const lock = await acquireFileLock(folder.lockPath(plan));
  if (!lock.held)
    throw new LockstepError(
      "DOCTOR_BUSY",
      "another process is applying this plan: wait until it has finished",
    );
  try {
    // Another process may have used the plan up before this one got the lock.
    const { unfinished } = await readyPlan(options);
    const begin = unfinished ?? beginOf(plan, options);
    if (unfinished === null)
      await writeFile(folder.consumedPath(plan), begin.run, { flag: "wx", mode: 0o600 });
    const journal = await openJournal(folder.journalPath(begin.run));
    try {
      if (unfinished === null) await journal.append({ begin });
      return await applyRest(begin, journal, options, unfinished !== null);
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}

function beginOf(plan: string, { configHash, repairsMax, only, ids, actor }: ApplyOptions): RunBegin {
  return {
    schema: "lockstep.run/1",
    run: newId(),
    kind: "apply",
    of: plan,
    started_at: new Date().toISOString(),
    actor,
    config_hash: configHash,
    max_repairs: repairsMax,
    only: only === null ? null : [...only],
    ids: ids === null ? null : [...ids],
  };
}

/**
 * @returns the run of this plan that can be resumed.
 * @throws LockstepError PLAN_STALE when the plan is used up
 */
async function unfinishedRun(folder: StateFolder, plan: string): Promise<RunBegin | null> {
  const run = await readConsumingRun(folder.consumedPath(plan));
  if (run === null) return null;
  const record = await readRun(folder.journalPath(run)).catch((error: unknown) => {
    // It crashed after marking the plan and before the journal's first line: it wrote nothing.
    if (error instanceof LockstepError) return null;
    throw error;
  });
  if (record === null || (record.end !== null && record.end.reason !== "stopped"))
    throw new LockstepError("PLAN_STALE", `the plan was applied already, in run ${run}: make a new plan`);
  return record.begin;
}

async function applyRest(
  begin: RunBegin,
  journal: Journal,
  options: ApplyOptions,
  resumed: boolean,
): Promise<ApplyResult> {
  const work = { views: options.views, journal, by: { run: begin.run, actor: options.actor } };
  const before = await readRun(options.folder.journalPath(begin.run));
  const counts = { written: before.written, changed: before.changed, refused: before.refused };
  const record = (outcomes: readonly RepairOutcome[]) => {
    for (const { outcome } of outcomes) counts[outcome] += 1;
    options.onOutcomes?.(outcomes);
  };
  if (before.open.length > 0) {
    const outcomes = await settleOpen(work, before.open);
    await journal.append({ outcomes });
    record(outcomes);
  }
  const nextAt = Math.max(before.nextAt, ...before.open.map(({ at }) => at + 1));
  const startedMs = performance.now();
  let sent = 0;
  let reason: RunEnd["reason"] = "done";
  for await (const batch of batchesOf(options, begin, nextAt)) {
    if (options.signal?.aborted) reason = "stopped";
    else if (counts.written >= begin.max_repairs) reason = "limit";
    if (reason !== "done") break;
    const allowed = batch.slice(0, begin.max_repairs - counts.written);
    const outcomes = await applyBatch(work, allowed);
    record(outcomes);
    sent += allowed.length;
    if (allowed.length < batch.length) {
      reason = "limit";
      break;
    }
    await keepRate(sent, startedMs, options);
  }
  await journal.append({ end: { ended_at: new Date().toISOString(), reason } });
  return { run: begin.run, reason, ...counts, resumed };
}

type Placed = { readonly at: number; readonly item: PlanItem };

/** No batch is larger than the number of writes allowed per second. */
async function* batchesOf(
  { planPath, perSecond }: ApplyOptions,
  begin: RunBegin,
  nextAt: number,
): AsyncIterable<readonly Placed[]> {
  const size = Math.min(BATCH_MAX, perSecond ?? BATCH_MAX);
  const only = begin.only && new Set(begin.only);
  const ids = begin.ids && new Set(begin.ids);
  let at = -1;
  let batch: Placed[] = [];
  for await (const item of planItems(planPath)) {
    at += 1;
    if (at < nextAt || (only && !only.has(item.pattern)) || (ids && !ids.has(item.id))) continue;
    batch.push({ at, item });
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Waits until this many writes are allowed by the rate limit. */
async function keepRate(sent: number, startedMs: number, { perSecond, signal }: ApplyOptions): Promise<void> {
  if (perSecond === null) return;
  const waitMs = (sent / perSecond) * 1_000 - (performance.now() - startedMs);
  await pause(waitMs, signal);
}
