import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { LockstepError } from "../errors.js";
import { HEAD_BYTES_MAX, sniffMediaType } from "./media-type.js";

const LEFTOVER_AGE_MS = 86_400_000;

/** A content that has been written to a temporary file and fsynced, and has no name yet. */
export interface Blob {
  readonly temporaryPath: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly mediaType: string;
}

/**
 * Writes a content to a new file in the temporary folder and fsyncs it.
 * @throws BODY_TOO_LARGE, or the stream's error; nothing is kept then
 */
export async function writeBlob(
  temporaryDir: string,
  content: string | Uint8Array | Readable,
  bytesMax: number,
): Promise<Blob> {
  await mkdir(temporaryDir, { recursive: true, mode: 0o700 });
  const temporaryPath = join(temporaryDir, randomUUID());
  const file = await open(temporaryPath, "wx", 0o600);
  try {
    const hash = createHash("sha256");
    const head: Buffer[] = [];
    let headBytes = 0;
    let bytes = 0;
    for await (const part of toChunks(content)) {
      const chunk = Buffer.from(part);
      bytes += chunk.length;
      if (bytes > bytesMax)
        throw new LockstepError("BODY_TOO_LARGE", `the content is over ${bytesMax} bytes`);
      hash.update(chunk);
      if (headBytes < HEAD_BYTES_MAX) {
        head.push(chunk.subarray(0, HEAD_BYTES_MAX - headBytes));
        headBytes += chunk.length;
      }
      await file.writeFile(chunk);
    }
    await file.sync();
    await file.close();
    return {
      temporaryPath,
      sha256: hash.digest("hex"),
      bytes,
      mediaType: sniffMediaType(Buffer.concat(head), bytes),
    };
  } catch (error) {
    await file.close();
    await rm(temporaryPath, { force: true });
    throw error;
  }
}

function toChunks(
  content: string | Uint8Array | Readable,
): AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array> {
  return content instanceof Readable ? content : [content];
}

/**
 * Gives a blob its name in one atomic step that survives a power failure. Replaces an existing file
 * of that name.
 */
export async function placeBlob(blob: Blob, path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await rename(blob.temporaryPath, path);
  } catch (error) {
    await rm(blob.temporaryPath, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** A rename is durable only after the folder that contains the file is synced. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Removes temporary files of dead processes after a day, which is longer than any upload may take.
 */
export async function sweepTemporary(temporaryDir: string): Promise<void> {
  await mkdir(temporaryDir, { recursive: true, mode: 0o700 });
  const before = Date.now() - LEFTOVER_AGE_MS;
  for (const name of await readdir(temporaryDir)) {
    const path = join(temporaryDir, name);
    const found = await stat(path).catch(() => null); // Renamed by another process meanwhile.
    if (found && found.mtimeMs < before) await rm(path, { force: true });
  }
}
