import type { ArtifactStore } from "../artifacts/index.js";
import type { FileReferences } from "../ledger/index.js";
import { type ArchiveOutcome, type ArchiveRunOptions, runArchive } from "./run.js";

/** Jobs and files asked about at once. */
const ASK_MAX = 500;

export interface ExpiryOptions {
  readonly references: FileReferences;
  readonly store: ArtifactStore;
  /** Uploaded files this old go when nothing names them. What was made of others, and can be made again, goes at this age anyway. */
  readonly unusedMs: number;
  readonly signal?: AbortSignal;
}

export interface ExpiryOutcome {
  /** Archived jobs whose files were removed. */
  readonly jobs: number;
  /** Uploaded files that were removed. */
  readonly files: number;
}

/**
 * Removes files nobody can need: what archived jobs left behind, and old uploads that no job in the ledger and no schedule names. Only
 * a job that the ledger knows to be archived loses its files: a store that another ledger uses, too, is safe. What a crash leaves
 * is found by the next run, for it goes by what is in the store.
 */
export async function expireFiles(options: ExpiryOptions): Promise<ExpiryOutcome> {
  const { references, store, unusedMs, signal } = options;
  const before = new Date(Date.now() - unusedMs);
  let [jobs, files] = [0, 0];
  for await (const ids of inPages(store.jobIds())) {
    if (signal?.aborted) break;
    for (const id of await references.archivedAmong(ids)) {
      await store.removeJob(id);
      jobs++;
    }
  }
  for await (const ids of inPages(store.filesBefore(before))) {
    if (signal?.aborted) break;
    for (const id of await references.unnamed(ids)) if (await store.removeFile(id, before)) files++;
  }
  if (!signal?.aborted) await store.removeDerived(before);
  return { jobs, files };
}

/**
 * Moves old jobs to the archive, then removes files nobody needs. A dry run, or one that is ended early, removes none.
 * @throws LockstepError ARCHIVE_BUSY
 */
export async function archiveAndExpire({
  expiry,
  ...options
}: ArchiveRunOptions & { readonly expiry?: Omit<ExpiryOptions, "signal"> | undefined }): Promise<
  ArchiveOutcome & { readonly removed: ExpiryOutcome | null }
> {
  const outcome = await runArchive(options);
  const { signal } = options;
  const goesOn = outcome.completed && !options.dryRun && expiry !== undefined;
  return {
    ...outcome,
    removed: goesOn ? await expireFiles({ ...expiry, ...(signal ? { signal } : {}) }) : null,
  };
}

async function* inPages(ids: AsyncIterable<string>): AsyncGenerator<string[]> {
  let page: string[] = [];
  for await (const id of ids) {
    page.push(id);
    if (page.length < ASK_MAX) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
