import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach } from "vitest";
import { programOf } from "../../../../tests/runner/program.js";
import type { WorkerHealth } from "../../src/worker/index.js";

const PROGRAM = programOf(new URL("worker-program.ts", import.meta.url));

export interface WorkerProcess {
  readonly process: ChildProcess;
  /** The last thing it printed; null before it has started. */
  latest(): (WorkerHealth & { readonly id: string; readonly jobs: readonly string[] }) | null;
  kill(): Promise<void>;
}

const started: WorkerProcess[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((worker) => worker.kill()));
});

/** Starts `worker-program.ts`; it is killed at the end of the test. */
export function startWorkerProcess(options: {
  url: string;
  dataDir: string;
  leaseSeconds: number;
}): WorkerProcess {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let latest: ReturnType<WorkerProcess["latest"]> = null;
  createInterface({ input: child.stdout! }).on("line", (line) => {
    latest = JSON.parse(line) as typeof latest;
  });
  const worker: WorkerProcess = {
    process: child,
    latest: () => latest,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
  started.push(worker);
  return worker;
}
