import { randomUUID } from "node:crypto";
import { LockstepError } from "../errors.js";
import type { ArchiveCandidate, ArchiveEntry, ArchiveFile, ArchiveLedger } from "../ledger/index.js";
import { byDay, membersOf, withinBytes } from "./batch.js";
import { createRecordFile } from "./record-file.js";
import type { ArchiveSink } from "./sink.js";

/** Jobs that leave the ledger in one commit. */
const BATCH_JOBS_MAX = 1_000;
/** Jobs that one statement of the walk examines. */
const EXAMINED_JOBS_MAX = 2_000;
/**
 * How long the right to archive outlasts a process that stopped without returning it. Each batch
 * renews it.
 */
const HOLD_SECONDS = 120;

export interface ArchiveProgress {
  readonly archived: number;
  /**
   * Old enough, but some reader of the feed has not seen all of their history. A later run moves
   * them.
   */
  readonly held: number;
  readonly examined: number;
  readonly files: number;
  readonly bytes: number;
  /** Progress of the walk, between 0 and 1, by the creation time of the jobs it passes. */
  readonly fraction: number;
}

export interface ArchiveRunOptions {
  readonly ledger: ArchiveLedger;
  readonly sink: ArchiveSink;
  /** Finished jobs this old are archived. */
  readonly olderThanMs: number;
  /** Count only, move nothing. */
  readonly dryRun?: boolean;
  /** Run only if no run ended within this many seconds. Default: no limit. */
  readonly restSeconds?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ArchiveProgress) => void;
}

export interface ArchiveOutcome extends ArchiveProgress {
  /** Only jobs that finished before this time were moved. */
  readonly finishedBefore: string;
  /** false: the signal ended it early. */
  readonly completed: boolean;
}

/**
 * Walks over all jobs that are old enough to have finished before the retention, and moves those
 * that have to files, batch by batch. index.ts describes what happens in a crash.
 * @throws LockstepError ARCHIVE_BUSY when another process is archiving, or `restSeconds` have not
 *   passed
 */
export async function runArchive(options: ArchiveRunOptions): Promise<ArchiveOutcome> {
  const { ledger, restSeconds } = options;
  if (options.dryRun) return await walkAll(await ledger.now(), async () => true, options);
  const runner = randomUUID();
  const take = { runner, holdSeconds: HOLD_SECONDS };
  const nowMs = await ledger.begin(restSeconds === undefined ? take : { ...take, restSeconds });
  if (nowMs === null)
    throw new LockstepError("ARCHIVE_BUSY", "Another process is archiving, or did so recently.");
  let completed = false;
  try {
    const outcome = await walkAll(nowMs, async () => (await ledger.begin(take)) !== null, options);
    completed = outcome.completed;
    return outcome;
  } finally {
    await ledger.end(runner, completed);
  }
}

/** @param renew renews the right to archive; false when it is lost */
async function walkAll(
  nowMs: number,
  renew: () => Promise<boolean>,
  options: ArchiveRunOptions,
): Promise<ArchiveOutcome> {
  const finishedBefore = new Date(nowMs - options.olderThanMs).toISOString();
  const walk = createWalk(finishedBefore, options);
  let completed = false;
  while (!completed && !options.signal?.aborted) {
    completed = await walk.step();
    options.onProgress?.(walk.progress());
    if (!completed && !(await renew()))
      throw new LockstepError("ARCHIVE_BUSY", "Another process has taken over the archiving.");
  }
  return { ...walk.progress(), finishedBefore, completed };
}

function createWalk(finishedBefore: string, { ledger, sink, dryRun = false }: ArchiveRunOptions) {
  const total = { archived: 0, held: 0, examined: 0, files: 0, bytes: 0 };
  let after: string | null = null;
  let firstMs: number | null = null;

  return {
    /**
     * Processes one page of the walk and its batch.
     * @returns whether that was the last
     */
    async step(): Promise<boolean> {
      const page = await ledger.page({
        after,
        finishedBefore,
        examinedMax: EXAMINED_JOBS_MAX,
        candidatesMax: BATCH_JOBS_MAX,
      });
      const candidates = withinBytes(page.candidates);
      const free = candidates.filter((candidate) => !candidate.held);
      total.held += candidates.length - free.length;
      total.examined += page.examined;
      if (dryRun) total.archived += free.length;
      else if (free.length > 0) await archiveBatch(free);
      firstMs ??= page.candidates[0] ? timeOf(page.candidates[0].id) : null;
      const isCut = candidates.length < page.candidates.length;
      after = isCut ? (candidates.at(-1)?.id ?? null) : page.next;
      return after === null;
    },
    progress(): ArchiveProgress {
      const spanMs = Date.parse(finishedBefore) - (firstMs ?? 0);
      const fraction = after === null ? 1 : firstMs === null ? 0 : (timeOf(after) - firstMs) / spanMs;
      return { ...total, fraction: Math.min(1, Math.max(0, fraction)) };
    },
  };

  async function archiveBatch(batch: readonly ArchiveCandidate[]): Promise<void> {
    const files: ArchiveFile[] = [];
    const entries: ArchiveEntry[] = [];
    for (const [day, jobs] of byDay(batch)) {
      const written = await writeFile(day, jobs);
      if (written === null) continue;
      files.push(written.file);
      entries.push(...written.entries);
    }
    if (entries.length === 0) return;
    total.archived += await ledger.commit(files, entries, finishedBefore);
    total.files += files.length;
    total.bytes += files.reduce((sum, file) => sum + file.bytes, 0);
  }

  /** @returns null when none of the jobs exists any more */
  async function writeFile(day: string, jobs: readonly ArchiveCandidate[]) {
    const file = createRecordFile(day);
    let added = 0;
    for (const group of membersOf(jobs)) {
      const records = await ledger.records(group.map((job) => job.id));
      if (records.length > 0) await file.add(records);
      added += records.length;
    }
    return added === 0 ? null : await file.write(sink);
  }
}

/** The time in an id, in milliseconds. */
function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
