import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export interface Reading {
  readonly drifting: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The most it ever held, in MB of 10^6 bytes. */
  readonly rssMb: number;
}

/** Reads both stores in a process of its own, so that only its own memory is measured. */
export async function runReader(
  name: "doctor" | "naive",
  input: { readonly databaseUrl: string; readonly redisUrl: string; readonly pairs: number },
): Promise<Reading> {
  const program = fileURLToPath(new URL(`./read-${name}.ts`, import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", program, JSON.stringify(input)],
    { maxBuffer: 1_000_000 },
  );
  return JSON.parse(stdout) as Reading;
}
