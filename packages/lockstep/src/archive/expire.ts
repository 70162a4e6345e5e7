import type { ArtifactStore } from "../artifacts/index.js";
import type { FileReferences } from "../ledger/index.js";
import { type ArchiveOutcome, type ArchiveRunOptions, runArchive } from "./run.js";

/** Jobs and files looked up at once. */
const ASK_MAX = 500;

export interface ExpiryOptions {
  readonly references: FileReferences;
  readonly store: ArtifactStore;
  /**
   * Uploaded files this old are removed when nothing refers to them. Derived files, which can be
   * created again, are removed at this age in any case.
   */
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
 * Removes unused files: those of archived jobs, and old uploads that no job in the ledger and no
 * schedule refers to. A job loses its files only if the ledger knows that it is archived, so a
 * store that is shared with another ledger is safe. The next run finds what a crash leaves, because
 * it starts from the content of the store.
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
 * Moves old jobs to the archive, then removes unused files. A dry run, or one that is ended early,
 * removes none.
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
