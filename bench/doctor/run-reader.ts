import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PROGRAMS = {
  doctor: fileURLToPath(new URL("./read-doctor.ts", import.meta.url)),
  naive: fileURLToPath(new URL("./read-naive.ts", import.meta.url)),
};

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
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", PROGRAMS[name], JSON.stringify(input)],
    { maxBuffer: 1_000_000 },
  );
  return JSON.parse(stdout) as Reading;
}
