import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PROGRAM = fileURLToPath(new URL("./read-naive.ts", import.meta.url));

/** Runs the usual script in a separate process. @returns the seconds it took */
export async function runNaive(input: {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly pairs: number;
}): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    PROGRAM,
    JSON.stringify(input),
  ]);
  return (JSON.parse(stdout) as { readonly seconds: number }).seconds;
}
