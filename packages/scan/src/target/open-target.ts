import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ArtifactStore } from "lockstep/internal/artifacts";
import { NonRetryableError } from "lockstep/internal/errors";
import type { ScanInput } from "../input.js";
import type { ScanLimits } from "../limits.js";
import type { TargetReport } from "../report/output.js";
import { gitFetch } from "./git-fetch.js";
import { type Checked, checkGitRef, checkGitUrl } from "./git-url.js";
import { folderInRoots } from "./roots.js";
import { unpackArchive } from "./unpack-archive.js";

export interface TargetOptions {
  readonly input: ScanInput;
  readonly roots: readonly string[];
  readonly store: ArtifactStore;
  readonly allowPrivateAddresses: boolean;
  readonly gitCaFile: string | null;
  readonly searchPath: string;
  readonly limits: ScanLimits;
  /** A private folder for a clone or an unpacked archive. */
  readonly work: string;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

/** A folder that is ready to be scanned. */
export interface Target {
  readonly root: string;
  readonly report: TargetReport;
  /**
   * A working folder contains files that its `.gitignore` excludes; a commit or an archive has only
   * what was added.
   */
  readonly respectGitignore: boolean;
}

/**
 * Prepares the folder to scan from any kind of target. Everything the schema checked at submit is
 * checked again: links may have changed since, and the rules of this process apply, not those of
 * the process that accepted the job.
 * @throws NonRetryableError
 */
export async function openTarget(options: TargetOptions): Promise<Target> {
  const { path, file, git } = options.input;
  if (path !== undefined) return openFolder(path, options);
  if (file !== undefined) return await openArchive(file, options);
  if (git !== undefined) return await openRepository(git, options);
  throw new NonRetryableError("the input names nothing to scan", { code: "INVALID_INPUT" });
}

function openFolder(path: string, { roots }: TargetOptions): Target {
  const root = valid("path", folderInRoots(path, roots));
  return { root, report: { type: "path", path }, respectGitignore: true };
}

async function openArchive(id: string, { store, limits, work, signal, log }: TargetOptions): Promise<Target> {
  const info = await store.fileInfo(id);
  if (info === null) throw new NonRetryableError("there is no file with this id", { code: "FILE_NOT_FOUND" });
  log(`unpacking an archive of ${info.bytes} bytes`);
  const root = join(work, "archive");
  await mkdir(root, { mode: 0o700 });
  await unpackArchive({
    info,
    path: await store.filePath(id),
    into: root,
    limits: {
      entriesMax: limits.entriesMax,
      bytesMax: limits.targetBytesMax,
      depthMax: limits.depthMax,
      ratioMax: limits.archiveRatioMax,
    },
    signal,
  });
  return { root, report: { type: "file", file: id, name: info.name }, respectGitignore: false };
}

async function openRepository(git: string, options: TargetOptions): Promise<Target> {
  const { input, limits, work, allowPrivateAddresses, gitCaFile, searchPath, signal, log } = options;
  const url = valid("git", checkGitUrl(git, allowPrivateAddresses));
  const ref = input.ref === undefined ? null : valid("ref", checkGitRef(input.ref));
  log(`fetching ${git}${ref === null ? "" : ` at ${ref}`}`);
  const dir = join(work, "git");
  await mkdir(dir, { mode: 0o700 });
  const fetched = await gitFetch({
    url,
    ref,
    dir,
    allowPrivateAddresses,
    caFile: gitCaFile,
    searchPath,
    timeoutMs: limits.gitMs,
    bytesMax: limits.targetBytesMax,
    filesMax: limits.entriesMax,
    signal,
  });
  return {
    root: fetched.root,
    report: { type: "git", url: git, ref, commit: fetched.commit },
    respectGitignore: false,
  };
}

function valid<T>(member: string, checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new NonRetryableError(`${member} ${checked.issue}`, { code: "INVALID_INPUT" });
}
