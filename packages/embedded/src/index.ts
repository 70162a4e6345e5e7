/**
 * The embedded PostgreSQL: PGlite, and the files of an empty database, prepared when this package
 * was built. A new database is unpacked from them, which takes a fraction of the time and memory
 * that `initdb` takes.
 *
 * In a crash: a marker file is beside a folder until the folder has been unpacked completely. A
 * folder with a marker has no data yet and is unpacked again.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { PGlite } from "@electric-sql/pglite";

/** Created by scripts/prepare-embedded.mjs. */
const PREPARED = new URL("./prepared.tar.gz", import.meta.url);

/**
 * Opens a database in memory or in a folder, which is created if it does not exist.
 * @param folder undefined: in memory
 * @param files of a database to begin with, as PGlite dumps them; only for one in memory. Default:
 *   an empty database
 */
export async function openEngine(folder?: string, files?: Blob): Promise<PGlite> {
  if (folder === undefined) return await PGlite.create({ loadDataDir: files ?? (await prepared()) });
  const marker = `${folder}.incomplete`;
  if (existsSync(folder) && !existsSync(marker)) return await PGlite.create({ dataDir: folder });
  await mkdir(dirname(folder), { recursive: true });
  await writeFile(marker, "");
  await rm(folder, { recursive: true, force: true });
  const engine = await PGlite.create({ dataDir: folder, loadDataDir: await prepared() });
  await rm(marker);
  return engine;
}

async function prepared(): Promise<Blob> {
  return new Blob([new Uint8Array(await readFile(PREPARED))], { type: "application/x-gzip" });
}
