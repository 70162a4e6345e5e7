/**
 * The embedded PostgreSQL: PGlite, and the files of an empty database, prepared when this package
 * was built. A new database is unpacked from them, which takes a fraction of the time and memory
 * that `initdb` takes.
 *
 * In a crash: a marker file is beside a folder until the folder has been unpacked completely. A
 * folder with a marker has no data yet and is unpacked again.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";
import { parseTar } from "nanotar";

const GZIP = "application/x-gzip";
/** Created by scripts/prepare-embedded.mjs. */
const PREPARED = new URL("./prepared.tar.gz", import.meta.url);

/**
 * Opens a database in memory or in a folder, which is created if it does not exist.
 * @param folder undefined: in memory
 * @param files of a database to begin with, as PGlite dumps them; only for one in memory. Default:
 *   an empty database
 */
export async function openEngine(folder?: string, files?: Blob): Promise<PGlite> {
  if (folder === undefined) {
    const initial = files ?? new Blob([new Uint8Array(await readFile(PREPARED))], { type: GZIP });
    return await PGlite.create({ loadDataDir: initial });
  }
  const marker = `${folder}.incomplete`;
  if (existsSync(folder) && !existsSync(marker)) return await PGlite.create({ dataDir: folder });
  await mkdir(dirname(folder), { recursive: true });
  await writeFile(marker, "");
  await rm(folder, { recursive: true, force: true });
  await unpack(folder);
  await rm(marker);
  return await PGlite.create({ dataDir: folder });
}

/**
 * A thousand small files. PGlite can unpack them itself, through its own file system: that takes
 * three times as long. They are written synchronously, which is the fastest way, in 60 ms.
 */
async function unpack(folder: string): Promise<void> {
  const files = parseTar(await promisify(gunzip)(await readFile(PREPARED)));
  // PostgreSQL refuses a folder that others may read.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const { name, type, data } of files) {
    const path = join(folder, name);
    if (type === "directory") mkdirSync(path, { recursive: true, mode: 0o700 });
    else writeFileSync(path, data ?? new Uint8Array(), { mode: 0o600 });
  }
}
