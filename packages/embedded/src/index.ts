/**
 * The embedded PostgreSQL: PGlite, and the files of an empty database, prepared when this package was built. A new database
 * is unpacked from them, which takes a fraction of the time and memory that `initdb` takes.
 *
 * In a crash: a marker stands beside a folder until it has been unpacked whole; a folder with a marker holds nothing yet
 * and is unpacked again.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { PGlite } from "@electric-sql/pglite";

/** Made by scripts/prepare-embedded.mjs. */
const PREPARED = new URL("./prepared.tar.gz", import.meta.url);

/**
 * Opens a database in a folder, which is made when it is not there, or in memory.
 * @param folder undefined: in memory
 * @param files of a database to begin with, as PGlite dumps them; only for one in memory. Default: an empty database
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
