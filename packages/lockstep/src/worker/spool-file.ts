import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** A file that records are appended to. Tests replace it with one that cannot be written. */
export interface SpoolFile {
  /**
   * Returns when the bytes are on the disk. After an error the file has the content it had before.
   * @throws the system's error, such as ENOSPC
   */
  append(bytes: Uint8Array): Promise<void>;
  /** Empties it. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Opens or creates the file and its folder. The file must not be open elsewhere. */
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
      // The half-written rest of an earlier append would be damage in the middle of the file.
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

/** Removes a file so that it stays removed after a power failure. A missing file is no error. */
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
