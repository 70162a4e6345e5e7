import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { postgresPrograms } from "./programs.js";

/** Writes a database into a file with pg_dump. */
export function dumpDatabase(url: string, file: string): void {
  run("pg_dump", ["--format=custom", `--file=${file}`, `--dbname=${url}`]);
}

/** Restores such a file into an existing database, with more options of pg_restore. */
export function restoreDatabase(url: string, file: string, options: readonly string[] = []): void {
  run("pg_restore", ["--exit-on-error", ...options, `--dbname=${url}`, file]);
}

function run(program: string, args: readonly string[]): void {
  execFileSync(join(postgresPrograms(), program), args, { stdio: ["ignore", "ignore", "pipe"] });
}
