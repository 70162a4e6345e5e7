import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { LockstepError } from "../../errors.js";
import { isId } from "../../job/index.js";
import { artifactInfoSchema, fileInfoSchema } from "../info.js";
import { ARTIFACT_BYTES_MAX, FILE_BYTES_MAX } from "../limits.js";
import { isFileId, isPlainName, requireOwner, requirePlainName } from "../name.js";
import type { ArtifactInfo, ArtifactStore, FileInfo } from "../store.js";
import { type Blob, sweepTemporary, writeBlob } from "../write-blob.js";
import type { Bucket } from "./bucket.js";

export interface S3StoreOptions {
  readonly bucket: Bucket;
  /** A local folder: contents pass through it, to be hashed before they are sent. */
  readonly dir: string;
  /** The largest upload. Default 50 MiB. */
  readonly fileBytesMax?: number;
  /** The largest artifact. Default 256 MiB. */
  readonly artifactBytesMax?: number;
}

const fileKey = (id: string) => `files/${id.slice(0, 2)}/${id}`;
const derivedKey = (key: string) => `derived/${key.slice(0, 2)}/${key}`;
const attemptKey = (jobId: string, attempt: number) => `jobs/${jobId.toLowerCase()}/${attempt}`;

/**
 * A store in a bucket, with the layout of the one on disk: the content is written first, and last
 * the small info object; the content exists only from then on. Worker and server may be on
 * different machines.
 */
export function createS3Store(options: S3StoreOptions): ArtifactStore {
  const { bucket, dir } = options;
  const temporary = join(dir, "tmp");
  let sweep: Promise<void> | null = null;
  const keep = async (key: string, content: string | Uint8Array | Readable, bytesMax: number) => {
    sweep ??= sweepTemporary(temporary);
    await sweep;
    const blob = await writeBlob(temporary, content, bytesMax);
    try {
      await bucket.put(key === "" ? fileKey(blob.sha256) : `${key}/${blob.sha256}`, {
        path: blob.temporaryPath,
        sha256: blob.sha256,
      });
    } finally {
      await rm(blob.temporaryPath, { force: true });
    }
    return blob;
  };
  return {
    ...uploads({ bucket, temporary, keep, bytesMax: options.fileBytesMax ?? FILE_BYTES_MAX }),
    ...derived(bucket),
    ...artifacts(bucket, keep, options.artifactBytesMax ?? ARTIFACT_BYTES_MAX),
  };
}

/**
 * Sends a content.
 * @param key the folder for it, where it is named by its hash; empty: the folder of uploads
 */
type Keep = (key: string, content: string | Uint8Array | Readable, bytesMax: number) => Promise<Blob>;

interface UploadParts {
  readonly bucket: Bucket;
  readonly temporary: string;
  readonly keep: Keep;
  readonly bytesMax: number;
}

type Uploads = Pick<
  ArtifactStore,
  "putFile" | "fileInfo" | "openFile" | "filePath" | "filesBefore" | "removeFile"
>;

function uploads({ bucket, temporary, keep, bytesMax }: UploadParts): Uploads {
  async function fileInfo(id: string): Promise<FileInfo | null> {
    return isFileId(id) ? await readInfo(bucket, `${fileKey(id)}.json`, fileInfoSchema) : null;
  }
  async function openFile(id: string, range?: { readonly start: number; readonly end: number }) {
    const info = await fileInfo(id);
    const stream = info && (await bucket.get(fileKey(id), range));
    if (!info || !stream) throw new LockstepError("FILE_NOT_FOUND", "there is no file with this id");
    return { info, stream };
  }
  return {
    fileInfo,
    openFile,
    async putFile(content, { name }) {
      requirePlainName(name);
      const { sha256: id, bytes, mediaType } = await keep("", content, bytesMax);
      const info: FileInfo = { id, name, bytes, media_type: mediaType, created_at: new Date().toISOString() };
      await bucket.put(`${fileKey(id)}.json`, { bytes: Buffer.from(JSON.stringify(info)) });
      return info;
    },
    async filePath(id) {
      const { info, stream } = await openFile(id);
      // Removed with the files of dead processes, a day later.
      const path = join(temporary, `${id}.copy`);
      const there = await stat(path).catch(() => null);
      if (there?.size === info.bytes) {
        stream.destroy();
        return path;
      }
      await mkdir(temporary, { recursive: true, mode: 0o700 });
      const partial = join(temporary, randomUUID());
      await pipeline(stream, createWriteStream(partial, { mode: 0o600 }));
      await rename(partial, path);
      return path;
    },
    async *filesBefore(before) {
      for await (const { key, modifiedMs } of bucket.list("files/")) {
        const id = /\/([0-9a-f]{64})\.json$/.exec(key)?.[1];
        if (id !== undefined && modifiedMs < before.getTime()) yield id;
      }
    },
    async removeFile(id, before) {
      const info = await fileInfo(id);
      if (info === null || Date.parse(info.created_at) >= before.getTime()) return false;
      await bucket.remove(`${fileKey(id)}.json`);
      await bucket.remove(fileKey(id));
      return true;
    },
  };
}

function derived(bucket: Bucket): Pick<ArtifactStore, "readDerived" | "writeDerived" | "removeDerived"> {
  return {
    async readDerived(key) {
      const stream = isFileId(key) ? await bucket.get(derivedKey(key)) : null;
      return stream && (await buffer(stream));
    },
    async writeDerived(key, content) {
      if (!isFileId(key)) throw new LockstepError("INVALID_INPUT", "the key is not a SHA-256");
      await bucket.put(derivedKey(key), { bytes: Buffer.from(content) });
    },
    async removeDerived(before) {
      for await (const { key, modifiedMs } of bucket.list("derived/"))
        if (modifiedMs < before.getTime()) await bucket.remove(key);
    },
  };
}

type Artifacts = Pick<
  ArtifactStore,
  "writeArtifact" | "listArtifacts" | "openArtifact" | "removeJob" | "jobIds"
>;

function artifacts(bucket: Bucket, keep: Keep, bytesMax: number): Artifacts {
  const infoKey = (jobId: string, attempt: number, name: string) =>
    `${attemptKey(jobId, attempt)}/names/${name}.json`;
  return {
    async writeArtifact({ job_id, attempt, name, content, media_type }) {
      requireOwner(job_id, attempt);
      requirePlainName(name);
      const blob = await keep(`${attemptKey(job_id, attempt)}/content`, content, bytesMax);
      const info: ArtifactInfo = {
        name,
        bytes: blob.bytes,
        sha256: blob.sha256,
        media_type: media_type ?? blob.mediaType,
        created_at: new Date().toISOString(),
      };
      await bucket.put(infoKey(job_id, attempt, name), { bytes: Buffer.from(JSON.stringify(info)) });
      return info;
    },
    async listArtifacts(jobId, attempt) {
      requireOwner(jobId, attempt);
      const infos: ArtifactInfo[] = [];
      for await (const { key } of bucket.list(`${attemptKey(jobId, attempt)}/names/`)) {
        const info = await readInfo(bucket, key, artifactInfoSchema);
        if (info !== null) infos.push(info);
      }
      return infos.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async openArtifact(jobId, attempt, name, range) {
      requireOwner(jobId, attempt);
      const info = isPlainName(name)
        ? await readInfo(bucket, infoKey(jobId, attempt, name), artifactInfoSchema)
        : null;
      const known = info !== null && isFileId(info.sha256);
      const stream = known
        ? await bucket.get(`${attemptKey(jobId, attempt)}/content/${info.sha256}`, range)
        : null;
      if (info === null || stream === null)
        throw new LockstepError("ARTIFACT_NOT_FOUND", "the attempt has no artifact of this name");
      return { info, stream };
    },
    async removeJob(jobId) {
      requireOwner(jobId, 1);
      const keys: string[] = [];
      for await (const { key } of bucket.list(`jobs/${jobId.toLowerCase()}/`)) keys.push(key);
      for (const key of keys) await bucket.remove(key);
    },
    async *jobIds() {
      let last = "";
      for await (const { key } of bucket.list("jobs/")) {
        const id = key.split("/")[1] ?? "";
        if (id !== last && isId(id)) yield id;
        last = id;
      }
    },
  };
}

async function readInfo<T>(
  bucket: Bucket,
  key: string,
  schema: { parse(value: unknown): T },
): Promise<T | null> {
  const stream = await bucket.get(key);
  return stream === null ? null : schema.parse(JSON.parse(await text(stream)));
}
