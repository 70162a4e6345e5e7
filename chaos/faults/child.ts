import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { MovableClock } from "../../tests/servers/movable-clock.js";

/** bridge: a BullMQ worker that keeps its jobs in the ledger. */
export type Role = "api" | "worker" | "bridge";

export interface ChildOptions {
  readonly role: Role;
  /** Such as `worker-1`; the same after a restart. */
  readonly name: string;
  /** Arguments of node. @param crash where the process must die */
  args(crash: CrashOrder | null): readonly string[];
  /** File for what it writes to stderr. */
  readonly logFile: string;
  readonly clock?: MovableClock;
  /** File from which the process reads how its disk answers writes to its spool. */
  readonly diskFile?: string;
  onLine(line: Readonly<Record<string, unknown>>, incarnation: string): void;
}

export interface CrashOrder {
  readonly point: string;
  /** Dies when it reaches the point for the nth time. */
  readonly nth: number;
}

const READY_MS_MAX = 60_000;
const RESTART_MS = 300;

/** A process of the system under test. It is restarted whenever it ends, until the run is over. */
export class Child {
  readonly role: Role;
  readonly name: string;
  readonly #options: ChildOptions;
  #process: ChildProcess | null = null;
  #ready: Promise<Readonly<Record<string, unknown>>> | null = null;
  #wanted = false;
  #crash: CrashOrder | null = null;
  #starts = 0;
  #restart: NodeJS.Timeout | null = null;
  /** Its ready message; null while it is not ready. */
  greeting: Readonly<Record<string, unknown>> | null = null;

  constructor(options: ChildOptions) {
    this.role = options.role;
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /** Starts it, and returns when it reports that it is ready. */
  async start(): Promise<void> {
    this.#wanted = true;
    this.#spawn();
    await this.#ready;
  }

  /** Kills it; it restarts after a pause. */
  async kill(downMs = RESTART_MS): Promise<void> {
    const child = this.#process;
    if (!child) return;
    this.#downMs = downMs;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  #downMs = RESTART_MS;

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Kills it, and orders one of its next lives to end at a crash point. */
  async crashAt(order: CrashOrder): Promise<void> {
    this.#crash = order;
    await this.kill(0);
  }

  /**
   * How its disk answers from now on. EFBIG: the kernel lets no file grow. ENOSPC: half of the
   * bytes arrive. EIO: all bytes arrive, but it is unknown whether they are on the disk.
   */
  breakDisk(how: "EFBIG" | "ENOSPC" | "EIO" | null): void {
    this.#limitFiles(how === "EFBIG");
    const { diskFile } = this.#options;
    if (diskFile) writeFileSync(diskFile, how === null || how === "EFBIG" ? "" : how);
  }

  #limitFiles(isFull: boolean): void {
    if (this.pid === null) return;
    const limit = isFull ? "0:unlimited" : "unlimited:unlimited";
    try {
      execFileSync("prlimit", ["--pid", String(this.pid), `--fsize=${limit}`], { stdio: "ignore" });
    } catch {
      // It has ended meanwhile: its next life has no limit.
    }
  }

  /** Moves its clock, by seconds from the true time. */
  shiftClock(seconds: number): void {
    this.#options.clock?.shift(seconds);
  }

  /** Cancels an ordered crash that was not reached. The present life may still end there. */
  forgetCrash(): void {
    this.#crash = null;
  }

  /** Waits until it is ready after a restart. @throws Error when it is not ready in a minute */
  async whenReady(): Promise<void> {
    const deadline = performance.now() + READY_MS_MAX;
    while (this.greeting === null) {
      if (performance.now() > deadline) throw new Error(`${this.name} did not come back`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends it permanently: gently at first. */
  async stop(): Promise<void> {
    this.#wanted = false;
    if (this.#restart) clearTimeout(this.#restart);
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGCONT");
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), 20_000);
    await gone;
    clearTimeout(force);
  }

  #spawn(): void {
    this.#restart = null;
    const crash = this.#crash;
    const incarnation = `${this.name}.${++this.#starts}`;
    const child = spawn(process.execPath, [...this.#options.args(crash)], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...this.#options.clock?.environment },
    });
    this.#process = child;
    const killAtExit = () => void child.kill("SIGKILL");
    process.once("exit", killAtExit);
    child.once("exit", () => process.off("exit", killAtExit));
    child.stderr.pipe(createWriteStream(this.#options.logFile, { flags: "a" }));
    this.#ready = new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (text) => {
        const line = parsed(text);
        if (line === null) return;
        if (line.e === "ready") {
          this.greeting = line;
          resolve(line);
          return;
        }
        if (line.e === "point" && line.killed === true) this.#crash = null;
        this.#options.onLine(line, incarnation);
      });
      child.once("exit", (code, signal) => {
        this.greeting = null;
        this.#process = null;
        reject(new Error(`${this.name} ended (${signal ?? code}); see ${this.#options.logFile}`));
        if (this.#wanted) this.#restart = setTimeout(() => this.#spawn(), this.#downMs);
        this.#downMs = RESTART_MS;
      });
    });
    this.#ready.catch(() => undefined);
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // The last line of a killed process may be incomplete.
    return null;
  }
}
