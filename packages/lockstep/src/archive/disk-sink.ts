import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { type ArchiveSink, FILE_NAME } from "./sink.js";

/**
 * Stores archive files in a folder of this machine, or on a file system shared by several machines.
 * @param dir absolute
 */
export function createDiskSink(dir: string): ArchiveSink {
  return {
    store: `${hostname()}:${dir}`,
    async write(name, content) {
      const path = pathOf(dir, name);
      const folder = dirname(path);
      const made = await mkdir(folder, { recursive: true, mode: 0o700 });
      const temporary = `${path}.${randomUUID()}.tmp`;
      try {
        await writeSynced(temporary, content);
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      await syncFolder(folder);
      // A new folder survives a crash only after its parent folder was synced.
      if (made !== undefined) await syncNewFolders(folder, made);
    },
    async read(name, offset, bytes) {
      const file = await openIfThere(pathOf(dir, name));
      if (file === null) return null;
      try {
        const content = new Uint8Array(bytes);
        const { bytesRead } = await file.read(content, 0, bytes, offset);
        return bytesRead === bytes ? content : null;
      } finally {
        await file.close();
      }
    },
  };
}

/** The names come from the ledger, where a person may have written one by hand. */
function pathOf(dir: string, name: string): string {
  if (!FILE_NAME.test(name)) throw new RangeError(`not the name of an archive file: ${JSON.stringify(name)}`);
  return join(dir, name);
}

async function writeSynced(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @param first the topmost folder that was created */
async function syncNewFolders(folder: string, first: string): Promise<void> {
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  return await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
}
