import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { programOf } from "../runner/program.js";

const PROGRAM = programOf(new URL("machine-program.ts", import.meta.url));

export interface MachineOptions {
  readonly role: "server" | "worker";
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly dataDir: string;
  readonly leaseSeconds: number;
  /** The port of a server; kept over restarts. */
  readonly port: number;
}

/** A server or a worker in a separate process, which can be ended and started again. */
export class Machine {
  readonly #options: MachineOptions;
  #child: ChildProcess | null = null;
  #stderr = "";

  constructor(options: MachineOptions) {
    this.#options = options;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  /** Everything its processes wrote to stderr. */
  get errors(): string {
    return this.#stderr;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves once it is ready. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(this.#options)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    process.once("exit", () => child.kill("SIGKILL"));
    child.stderr.on("data", (chunk: Buffer) => (this.#stderr += chunk));
    const line = once(createInterface(child.stdout), "line");
    const early = once(child, "exit").then(([code]) => {
      throw new Error(`a ${this.#options.role} ended with ${code} before it served: ${this.#stderr}`);
    });
    await Promise.race([line, early]);
    early.catch(() => undefined);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** @returns its exit code, null when the signal ended it */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null)
      return child?.exitCode ?? null;
    const ended = once(child, "exit");
    child.kill(signal);
    return (await ended)[0] as number | null;
  }

  async restart(signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
    const code = await this.end(signal);
    await this.start();
    return code;
  }
}
