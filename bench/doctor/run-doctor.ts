import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KEY } from "./plant-pairs.js";

const COMMAND = fileURLToPath(new URL("../../packages/cli/bin/lockstep.js", import.meta.url));
const REPORT_USAGE = new URL("./report-usage.mjs", import.meta.url).href;
const EXIT_DRIFT = 2;

export interface DoctorReading {
  readonly drifting: number;
  /** Duration of the check by its own report, with a quiet period of one second. */
  readonly seconds: number;
  /** From the start of the process to its end. */
  readonly commandSeconds: number;
  readonly cpuSeconds: number;
  /** Peak memory of the process, in MB of 10^6 bytes. */
  readonly rssMb: number;
}

/** Runs `lockstep doctor check` as it is installed. */
export async function runDoctor(urls: {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}): Promise<DoctorReading> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-bench-doctor-"));
  try {
    const file = join(folder, "doctor.json");
    await writeFile(file, JSON.stringify(configOf(urls)));
    const began = performance.now();
    const { stdout, stderr } = await run([COMMAND, "doctor", "check", "--config", file, "--json"], folder);
    const commandSeconds = (performance.now() - began) / 1_000;
    const { drifting, seconds } = JSON.parse(stdout) as DoctorReading;
    const usage = JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "") as DoctorReading;
    return { drifting, seconds, commandSeconds, cpuSeconds: usage.cpuSeconds, rssMb: usage.rssMb };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function configOf({ databaseUrl, redisUrl }: { databaseUrl: string; redisUrl: string }): object {
  const statuses = {
    PENDING: "pending",
    IN_PROGRESS: "running",
    COMPLETED: "completed",
    FAILED: "failed",
  };
  const columns = {
    id: "id",
    status: "status",
    result: "result",
    error: "error",
    started_at: "startedAt",
    finished_at: "finishedAt",
    updated_at: "updatedAt",
  };
  return {
    record: "table",
    quiet_period: "1s",
    views: {
      queue: { type: "redis-hash", url: redisUrl, key: KEY, statuses },
      table: { type: "sql", url: databaseUrl, table: "ScanJob", columns, statuses },
    },
  };
}

function run(words: readonly string[], cwd: string): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const options = { cwd, maxBuffer: 10_000_000 };
    execFile(process.execPath, ["--import", REPORT_USAGE, ...words], options, (error, stdout, stderr) => {
      if (error && error.code !== EXIT_DRIFT) reject(error);
      else resolve({ stdout, stderr });
    });
  });
}
