import { Worker } from "node:worker_threads";

const INTERVAL_MS = 500;

// Runs in its own thread, so that a rule stuck in a regular expression cannot block it.
const CODE = `
  const { workerData } = require("node:worker_threads");
  setInterval(() => {
    if (process.ppid !== workerData.parent) process.kill(process.pid, "SIGKILL");
  }, workerData.intervalMs);
`;

/**
 * Kills this process as soon as its parent is gone: if the parent was killed itself, nothing else
 * would.
 */
export function dieWithParent(): void {
  const worker = new Worker(CODE, {
    eval: true,
    execArgv: [],
    workerData: { parent: process.ppid, intervalMs: INTERVAL_MS },
  });
  worker.unref();
}
