import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { programOf } from "../../../../tests/runner/program.js";
import type { Redis } from "../../../../tests/servers/redis.js";
import type { Bench } from "../ledger/engines.js";
import { cleanUp } from "./projected.js";

const PROGRAM = programOf(new URL("./projector-program.ts", import.meta.url));

export interface ProjectorProcess {
  /** Sends SIGKILL and waits until the process has ended. */
  kill(): Promise<void>;
}

/**
 * Starts a process whose projector has the lock and a complete copy. It is killed at the end of the
 * test at the latest.
 */
export async function startProjectorProcess(bench: Bench, server: Redis): Promise<ProjectorProcess> {
  const child = spawn(process.execPath, [PROGRAM, bench.url ?? "", server.url], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  cleanUp(kill);
  const line = once(createInterface(child.stdout), "line").then(() => true);
  if (!(await Promise.race([line, exited.then(() => false)])))
    throw new Error("the projector's process ended");
  return { kill };
}
