import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { type Database, openDatabase } from "lockstep/internal/database";

// PGlite needs four seconds of CPU time to make the files of an empty database, and none to unpack
// them: they are made once.
const FOLDER = resolve("node_modules/.cache/lockstep");

/** Opens an empty embedded database in memory. */
export async function openInMemory(): Promise<Database> {
  const files = new Blob([await readFile(await emptyDatabase())]);
  return openDatabase({ dataDir: "memory", files });
}

const SHARED = Symbol.for("lockstep.tests.embedded");
const shared = globalThis as { [SHARED]?: Promise<Database> };

/**
 * The one embedded database of this process, for tests that keep to a schema of their own: opening
 * one takes a second. The process of the tests ends it.
 */
export function sharedInMemory(): Promise<Database> {
  shared[SHARED] ??= openInMemory();
  return shared[SHARED];
}

/** Makes a data directory with an empty embedded database. @returns its path */
export async function seedDataDir(dataDir: string): Promise<string> {
  const folder = join(dataDir, "database");
  await mkdir(folder, { recursive: true });
  execFileSync("tar", ["-xf", await emptyDatabase(), "-C", folder], { stdio: "pipe" });
  return dataDir;
}

/** @returns the path of a tar made by the installed PGlite */
async function emptyDatabase(): Promise<string> {
  const manifest = await readFile(resolve("node_modules/@electric-sql/pglite/package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const path = join(FOLDER, `empty-${version}.tar`);
  if (await stat(path).catch(() => null)) return path;
  await mkdir(dirname(path), { recursive: true });
  const engine = await PGlite.create();
  const dump = await engine.dumpDataDir("none");
  await engine.close();
  // Two processes may make it at the same time, so each file appears whole or not at all.
  const own = `${path}.${randomBytes(4).toString("hex")}`;
  await writeFile(own, dump.stream());
  await rename(own, path);
  return path;
}
