import { LockstepError } from "lockstep/internal/errors";
import { acquireFileLock } from "lockstep/internal/file-lock";
import { newId } from "lockstep/internal/job";
import { probe, type ViewSet } from "../check/probe.js";
import type { By } from "../views/writer.js";
import { outcomeOf } from "./apply-batch.js";
import { type Intent, openJournal, type RepairOutcome } from "./journal.js";
import { readHistory, readRun, writtenItems } from "./run-history.js";
import type { StateFolder } from "./state-folder.js";

export interface UndoOptions {
  readonly views: ViewSet;
  readonly folder: StateFolder;
  readonly run: string;
  readonly configHash: string;
  /** Who requested the undo. */
  readonly actor: string;
  /** Only report what could be undone. */
  readonly dryRun: boolean;
  readonly signal?: AbortSignal;
  readonly onOutcomes?: (outcomes: readonly RepairOutcome[]) => void;
}

export interface UndoResult {
  /** The run of the undo; null for a dry run. */
  readonly run: string | null;
  readonly undone: number;
  /** What was not put back, and why. */
  readonly left: readonly { readonly id: string; readonly view: string; readonly why: string }[];
}

type Written = Intent & { readonly left: RepairOutcome };

/** Listed one by one, so that a person can look at each. */
const LEFT_MAX = 10_000;
/** Jobs whose intents are synced to disk together. */
const BATCH = 50;
const CHANGED = "it was changed after the repair";

/**
 * Puts the before images of a run back, newest first, each only if the current value is the one
 * that the repair left.
 * @throws LockstepError RUN_NOT_FOUND, PLAN_STALE when the run is an undo itself or was made with
 *   another configuration, DOCTOR_BUSY
 */
export async function undoRun(options: UndoOptions): Promise<UndoResult> {
  const { folder, run, configHash } = options;
  const { begin } = await readRun(folder.journalPath(run));
  if (begin.kind !== "apply")
    throw new LockstepError("PLAN_STALE", "this run is an undo: make a new plan instead");
  if (begin.config_hash !== configHash)
    throw new LockstepError(
      "PLAN_STALE",
      "the run was made with another configuration: undo it with that one",
    );
  const lock = await acquireFileLock(folder.lockPath(run));
  if (!lock.held)
    throw new LockstepError("DOCTOR_BUSY", "another process is undoing this run: wait until it has finished");
  try {
    const done = await undoneBefore(folder, run);
    const items: Written[] = [];
    for await (const item of writtenItems(folder.journalPath(run))) if (!done.has(item.at)) items.push(item);
    items.reverse();
    return options.dryRun ? await previewUndo(options, items) : await putBack(options, items);
  } finally {
    await lock.release();
  }
}

/** What earlier undos of this run have put back, including stopped ones. */
async function undoneBefore(folder: StateFolder, run: string): Promise<ReadonlySet<number>> {
  const done = new Set<number>();
  for (const { begin } of await readHistory(folder))
    if (begin.kind === "undo" && begin.of === run)
      for await (const { at } of writtenItems(folder.journalPath(begin.run))) done.add(at);
  return done;
}

async function previewUndo({ views }: UndoOptions, items: readonly Written[]): Promise<UndoResult> {
  const left: { id: string; view: string; why: string }[] = [];
  let undone = 0;
  for (const { item, left: repaired } of items) {
    const view = [views.record, ...views.others].find(({ name }) => name === item.view);
    const answer = view && (await probe(view, () => view.read([item.id]))).get(item.id);
    const mark = answer?.state === "value" ? answer.fingerprint : null;
    if (answer !== undefined && answer.state !== "unknown" && mark === repaired.mark) undone += 1;
    else if (left.length < LEFT_MAX) left.push({ id: item.id, view: item.view, why: CHANGED });
  }
  return { run: null, undone, left };
}

async function putBack(options: UndoOptions, items: readonly Written[]): Promise<UndoResult> {
  const { views, folder, configHash, actor, signal, onOutcomes } = options;
  const run = newId();
  const journal = await openJournal(folder.journalPath(run));
  const left: { id: string; view: string; why: string }[] = [];
  let undone = 0;
  try {
    const started_at = new Date().toISOString();
    await journal.append({
      begin: {
        schema: "lockstep.run/1",
        run,
        kind: "undo",
        of: options.run,
        started_at,
        actor,
        config_hash: configHash,
        max_repairs: Math.max(1, items.length),
        only: null,
        ids: null,
      },
    });
    for (let start = 0; start < items.length && !signal?.aborted; start += BATCH) {
      const batch = items.slice(start, start + BATCH);
      await journal.append({
        intents: batch.map(({ at, item, image, mark }) => ({ at, item, image, mark })),
      });
      const outcomes: RepairOutcome[] = [];
      for (const written of batch) {
        const outcome = await restore({ views, by: { run, actor } }, written);
        outcomes.push(outcome);
        if (outcome.outcome === "written") undone += 1;
        else if (left.length < LEFT_MAX)
          left.push({ id: outcome.id, view: written.item.view, why: outcome.why ?? CHANGED });
      }
      await journal.append({ outcomes });
      onOutcomes?.(outcomes);
    }
    const reason = signal?.aborted ? "stopped" : "done";
    await journal.append({ end: { ended_at: new Date().toISOString(), reason } });
  } finally {
    await journal.close();
  }
  return { run, undone, left };
}

async function restore(
  { views, by }: { readonly views: ViewSet; readonly by: By },
  { at, item, image, left }: Written,
): Promise<RepairOutcome> {
  const view = [views.record, ...views.others].find(({ name }) => name === item.view);
  const writer = view?.writer;
  if (!view || !writer)
    return outcomeOf(at, item.id, { outcome: "refused", why: "the view can only be read" });
  const { id, action } = item;
  return outcomeOf(
    at,
    id,
    await probe(view, () => writer.restore({ id, action, fingerprint: left.mark, beforeImage: image, by })),
  );
}
