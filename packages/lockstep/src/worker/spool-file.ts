import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** A file that records are appended to. Tests put one in its place that cannot be written. */
export interface SpoolFile {
  /**
   * Returns when the bytes are on the disk. After an error the file holds what it held before.
   * @throws the system's error, such as ENOSPC
   */
  append(bytes: Uint8Array): Promise<void>;
  /** Empties it. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Opens or creates the file, with its folder. It must not be open elsewhere. */
export type OpenSpoolFile = (path: string) => Promise<SpoolFile>;

export const openSpoolFile: OpenSpoolFile = async (path) => {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "a+", 0o600);
  await syncFolder(dirname(path));
  return spoolFile(file);
};

function spoolFile(file: FileHandle): SpoolFile {
  let good: number | null = null;
  return {
    async append(bytes) {
      good ??= (await file.stat()).size;
      // What an earlier append left half-written would be damage in the middle.
      await file.truncate(good);
      await file.appendFile(bytes);
      await file.sync();
      good += bytes.length;
    },
    async clear() {
      await file.truncate(0);
      good = 0;
    },
    close: () => file.close(),
  };
}

/** Removes a file for good, also over a power cut. Nothing happens when there is none. */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
