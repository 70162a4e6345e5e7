import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { programOf } from "../../../tests/runner/program.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import type { Orders, Point } from "./bridge-program.js";
import { type Setup, theRedis } from "./setup.js";

const PROGRAM = programOf(new URL("./bridge-program.ts", import.meta.url));

export interface BridgeProcess {
  readonly pid: number;
  /** What the process printed, line by line. */
  readonly lines: readonly string[];
  /** Waits until the process stops at a point. @returns the job's id */
  reached(point: Point): Promise<string>;
  /** Waits until its relay is the one that leads. */
  leads(): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

/** Starts a process with its own bridge. It is killed at the end of the test at the latest. */
export async function startBridge(setup: Setup, orders: Partial<Orders> = {}): Promise<BridgeProcess> {
  const all: Orders = {
    databaseUrl: setup.url,
    redisUrl: theRedis().url,
    queue: setup.queue.name,
    leaseSeconds: 20,
    relay: true,
    work: true,
    haltAt: null,
    workMs: 5,
    failPercent: 0,
    ...orders,
  };
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(all)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  let errors = "";
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  child.stderr.on("data", (text: Buffer) => {
    errors += text;
  });
  const kill = async (signal: NodeJS.Signals = "SIGKILL"): Promise<void> => {
    if (hasEnded(child)) return;
    child.kill(signal);
    await once(child, "exit");
  };
  setup.onCleanup(() => kill());
  const heard = (start: string) =>
    waitFor(
      () => {
        if (hasEnded(child)) throw new Error(`the process has ended: ${errors.slice(-2_000)}`);
        return lines.find((line) => line.startsWith(start));
      },
      { what: `the process to say ${start}: ${errors.slice(-500)}` },
    );
  await heard("ready");
  return {
    pid: child.pid ?? 0,
    lines,
    reached: async (point) => (await heard(`${point} `)).split(" ")[1] ?? "",
    leads: async () => void (await heard("leading")),
    kill,
    signal: (signal) => void child.kill(signal),
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
