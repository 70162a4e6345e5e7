import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Paths are relative to the project's folder, in which a benchmark runs. */
const RIVALS = "bench/rivals";

/** Loads a package of a rival. The project itself has other versions of some of them. */
export async function rival<Package>(name: string): Promise<Package> {
  const { load } = (await import(pathToFileURL(resolve(RIVALS, "load.mjs")).href)) as {
    load(name: string): Promise<Package>;
  };
  return await load(name);
}

/** The version in the lock. */
export function rivalVersion(name: string): string {
  return packagesOf(`${RIVALS}/package-lock.json`)[`node_modules/${name}`]?.version ?? "?";
}

export function installRivals(): void {
  install(RIVALS);
}

/**
 * The program of another Node.js.
 * @param wanted its path, or a version for which there is a folder `bench/node-<version>`
 */
export function nodeProgram(wanted: string): string {
  if (wanted.includes("/")) return wanted;
  const folder = `bench/node-${wanted}`;
  if (!existsSync(folder)) throw new Error(`there is no ${folder}; give the path of a Node.js instead`);
  install(folder);
  const program = resolve(folder, "node_modules", `node-${process.platform}-${process.arch}`, "bin/node");
  if (!existsSync(program)) throw new Error(`there is no Node.js ${wanted} for this machine in ${folder}`);
  return program;
}

/** npm writes its record into node_modules at the end of an install. */
function install(folder: string): void {
  const record = `${folder}/node_modules/.package-lock.json`;
  const hasAll = existsSync(record) && sameVersions(`${folder}/package-lock.json`, record);
  if (hasAll) return;
  console.error(`installing ${folder}`);
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"], {
    cwd: folder,
    stdio: "inherit",
  });
}

/**
 * Whether what is installed has the versions of the lock. Optional packages of other platforms are
 * in the lock only.
 */
function sameVersions(lock: string, record: string): boolean {
  const locked = packagesOf(lock);
  const installed = packagesOf(record);
  const required = Object.keys(locked).filter((path) => path !== "" && !locked[path]?.optional);
  return (
    required.every((path) => path in installed) &&
    Object.entries(installed).every(([path, { version }]) => locked[path]?.version === version)
  );
}

type Packages = Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;

function packagesOf(file: string): Packages {
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly packages: Packages }).packages;
}
