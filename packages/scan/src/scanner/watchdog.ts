import { Worker } from "node:worker_threads";

const INTERVAL_MS = 500;

// Runs in a thread of its own, so that a rule stuck in a regular expression cannot hold it up.
const CODE = `
  const { workerData } = require("node:worker_threads");
  setInterval(() => {
    if (process.ppid !== workerData.parent) process.kill(process.pid, "SIGKILL");
  }, workerData.intervalMs);
`;

/** Kills this process as soon as its parent is gone: nobody else would, when the parent was killed itself. */
export function dieWithParent(): void {
  const worker = new Worker(CODE, {
    eval: true,
    execArgv: [],
    workerData: { parent: process.ppid, intervalMs: INTERVAL_MS },
  });
  worker.unref();
}
