import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Account, noteServerPid } from "./server-folder.js";

export interface ServerProcess {
  readonly pid: number;
  /** The exit code or signal once it has ended, else null. */
  ended(): string | null;
  /** Sends a signal and waits for the end. Does nothing when it has ended already. */
  end(signal: NodeJS.Signals): Promise<void>;
}

interface SpawnOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly account: Account | null;
  /** Environment on top of this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts a server that writes to `log` in its folder. It has its own process group, so that Ctrl-C
 * in a terminal reaches the test run first. It is killed when this process exits, for any reason.
 */
export function spawnServer(options: SpawnOptions): ServerProcess {
  const log = openSync(join(options.folder, "log"), "a");
  const child = spawn(options.program, options.args, {
    cwd: options.folder,
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, ...options.environment },
    ...options.account,
  });
  closeSync(log);
  if (child.pid === undefined) throw new Error(`could not start ${options.program}`);
  noteServerPid(options.folder, child.pid);
  child.unref();
  return watch(child, child.pid);
}

function watch(child: ChildProcess, pid: number): ServerProcess {
  const killAtExit = () => void child.kill("SIGKILL");
  process.once("exit", killAtExit);
  const exit = new Promise<void>((resolve) => {
    child.once("exit", () => {
      process.off("exit", killAtExit);
      resolve();
    });
  });
  const ended = () => child.signalCode ?? child.exitCode?.toString() ?? null;
  return {
    pid,
    ended,
    async end(signal) {
      if (ended() !== null) return;
      child.ref();
      child.kill(signal);
      await exit;
    },
  };
}

/** The end of a server's log, for an error message. */
export function logTail(folder: string): string {
  return readFileSync(join(folder, "log"), "utf8").split("\n").slice(-15).join("\n");
}

/** A port on which nothing listens at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
