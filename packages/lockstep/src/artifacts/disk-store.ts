import { open, readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import type { z } from "zod";
import { LockstepError } from "../errors.js";
import { isId } from "../job/index.js";
import { artifactInfoSchema, fileInfoSchema } from "./info.js";
import { ARTIFACT_BYTES_MAX, FILE_BYTES_MAX } from "./limits.js";
import { isFileId, isPlainName, requireOwner, requirePlainName } from "./name.js";
import type { ArtifactInfo, ArtifactStore, FileInfo, NewArtifact } from "./store.js";
import { placeBlob, sweepTemporary, writeBlob } from "./write-blob.js";

const INFO_BYTES_MAX = 65_536;
const DERIVED_BYTES_MAX = 64 * 1024 * 1024;

export interface DiskStoreOptions {
  /** Created if it does not exist. */
  readonly dir: string;
  /** The largest upload. Default 50 MiB. */
  readonly fileBytesMax?: number;
  /** The largest artifact. Default 256 MiB. */
  readonly artifactBytesMax?: number;
}

/**
 * A store in a local folder, which several processes may share. Nothing is written before the first
 * upload or artifact.
 */
export function createDiskStore(options: DiskStoreOptions): ArtifactStore {
  const disk = openDisk(options.dir);
  return {
    ...uploads(disk, options.fileBytesMax ?? FILE_BYTES_MAX),
    ...derived(disk),
    ...artifacts(disk, options.artifactBytesMax ?? ARTIFACT_BYTES_MAX),
  };
}

/**
 * The folder's layout. A content is stored under its SHA-256. The small info file beside it is
 * renamed last; the content exists only from then on.
 */
interface Disk {
  readonly temporary: string;
  readonly filesDir: string;
  readonly derivedDir: string;
  readonly jobsDir: string;
  filePath(id: string): string;
  derivedPath(key: string): string;
  jobDir(jobId: string): string;
  attemptDir(jobId: string, attempt: number): string;
  /** Removes old temporary files once per process, before the first write. */
  swept(): Promise<void>;
}

function openDisk(dir: string): Disk {
  const temporary = join(dir, "tmp");
  let sweep: Promise<void> | null = null;
  return {
    temporary,
    filesDir: join(dir, "files"),
    derivedDir: join(dir, "derived"),
    jobsDir: join(dir, "jobs"),
    filePath: (id) => join(dir, "files", id.slice(0, 2), id),
    derivedPath: (key) => join(dir, "derived", key.slice(0, 2), key),
    jobDir: (jobId) => join(dir, "jobs", jobId.toLowerCase()),
    attemptDir: (jobId, attempt) => join(dir, "jobs", jobId.toLowerCase(), String(attempt)),
    swept() {
      sweep ??= sweepTemporary(temporary);
      return sweep;
    },
  };
}

type Uploads = Pick<
  ArtifactStore,
  "putFile" | "fileInfo" | "openFile" | "filePath" | "filesBefore" | "removeFile"
>;

function uploads(disk: Disk, bytesMax: number): Uploads {
  async function fileInfo(id: string): Promise<FileInfo | null> {
    return isFileId(id) ? await readInfo(`${disk.filePath(id)}.json`, fileInfoSchema) : null;
  }
  async function requireFile(id: string): Promise<FileInfo> {
    const info = await fileInfo(id);
    if (!info) throw new LockstepError("FILE_NOT_FOUND", "there is no file with this id");
    return info;
  }
  return {
    fileInfo,
    async putFile(content, { name }) {
      requirePlainName(name);
      await disk.swept();
      const blob = await writeBlob(disk.temporary, content, bytesMax);
      const path = disk.filePath(blob.sha256);
      await placeBlob(blob, path);
      const info: FileInfo = {
        id: blob.sha256,
        name,
        bytes: blob.bytes,
        media_type: blob.mediaType,
        created_at: new Date().toISOString(),
      };
      await writeInfo(disk, `${path}.json`, info);
      return info;
    },
    async openFile(id, range) {
      const info = await requireFile(id);
      return { info, stream: await openStream(disk.filePath(id), range) };
    },
    async filePath(id) {
      await requireFile(id);
      return disk.filePath(id);
    },
    async *filesBefore(before) {
      for await (const path of oldFiles(disk.filesDir, before)) {
        const id = basename(path, ".json");
        if (path.endsWith(".json") && isFileId(id)) yield id;
      }
    },
    async removeFile(id, before) {
      const info = await fileInfo(id);
      if (info === null || Date.parse(info.created_at) >= before.getTime()) return false;
      await rm(`${disk.filePath(id)}.json`, { force: true });
      await rm(disk.filePath(id), { force: true });
      return true;
    },
  };
}

type Derived = Pick<ArtifactStore, "readDerived" | "writeDerived" | "removeDerived">;

function derived(disk: Disk): Derived {
  return {
    async readDerived(key) {
      if (!isFileId(key)) return null;
      return await readFile(disk.derivedPath(key)).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      });
    },
    async writeDerived(key, content) {
      if (!isFileId(key)) throw new LockstepError("INVALID_INPUT", "the key is not a SHA-256");
      await disk.swept();
      await placeBlob(await writeBlob(disk.temporary, content, DERIVED_BYTES_MAX), disk.derivedPath(key));
    },
    async removeDerived(before) {
      for await (const path of oldFiles(disk.derivedDir, before)) await rm(path, { force: true });
    },
  };
}

type Artifacts = Pick<
  ArtifactStore,
  "writeArtifact" | "listArtifacts" | "openArtifact" | "removeJob" | "jobIds"
>;

function artifacts(disk: Disk, bytesMax: number): Artifacts {
  const infoPath = (jobId: string, attempt: number, name: string) =>
    join(disk.attemptDir(jobId, attempt), "names", `${name}.json`);
  const contentPath = (jobId: string, attempt: number, sha256: string) =>
    join(disk.attemptDir(jobId, attempt), "content", sha256);
  return {
    async writeArtifact({ job_id, attempt, name, content, media_type }: NewArtifact) {
      requireOwner(job_id, attempt);
      requirePlainName(name);
      await disk.swept();
      const blob = await writeBlob(disk.temporary, content, bytesMax);
      await placeBlob(blob, contentPath(job_id, attempt, blob.sha256));
      const info: ArtifactInfo = {
        name,
        bytes: blob.bytes,
        sha256: blob.sha256,
        media_type: media_type ?? blob.mediaType,
        created_at: new Date().toISOString(),
      };
      await writeInfo(disk, infoPath(job_id, attempt, name), info);
      return info;
    },
    async listArtifacts(jobId, attempt) {
      requireOwner(jobId, attempt);
      const folder = join(disk.attemptDir(jobId, attempt), "names");
      const infos = await Promise.all(
        (await namesIn(folder)).map((name) => readInfo(join(folder, name), artifactInfoSchema)),
      );
      return infos.filter((info) => info !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async openArtifact(jobId, attempt, name, range) {
      requireOwner(jobId, attempt);
      const info = isPlainName(name)
        ? await readInfo(infoPath(jobId, attempt, name), artifactInfoSchema)
        : null;
      if (!info || !isFileId(info.sha256))
        throw new LockstepError("ARTIFACT_NOT_FOUND", "the attempt has no artifact of this name");
      return { info, stream: await openStream(contentPath(jobId, attempt, info.sha256), range) };
    },
    async removeJob(jobId) {
      requireOwner(jobId, 1);
      await rm(disk.jobDir(jobId), { recursive: true, force: true });
    },
    async *jobIds() {
      for (const name of await namesIn(disk.jobsDir)) if (isId(name)) yield name;
    },
  };
}

async function writeInfo(disk: Disk, path: string, info: FileInfo | ArtifactInfo): Promise<void> {
  await placeBlob(await writeBlob(disk.temporary, JSON.stringify(info), INFO_BYTES_MAX), path);
}

async function readInfo<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | null> {
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Files two folders deep that were written before a time. */
async function* oldFiles(dir: string, before: Date): AsyncGenerator<string> {
  for (const folder of await namesIn(dir)) {
    for (const name of await namesIn(join(dir, folder))) {
      const path = join(dir, folder, name);
      const found = await stat(path).catch(() => null); // Removed by another process meanwhile.
      if (found !== null && found.mtimeMs < before.getTime()) yield path;
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/**
 * Opens before it returns, so that a missing file is an error here and not in the middle of a
 * response.
 */
async function openStream(
  path: string,
  range?: { readonly start: number; readonly end: number },
): Promise<Readable> {
  return (await open(path, "r")).createReadStream(range);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
