import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { waitFor } from "../../../tests/servers/wait-for.js";

const MAIN = fileURLToPath(new URL("../bin/lockstep.js", import.meta.url));

/** Processes that a failed test leaves running end with the process that ran the test. */
const children = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/**
 * Starts the installed command line. Its compiled code is up to date (tests/runner/compile.ts). It
 * does not inherit this process's configuration.
 */
export function spawnCli(
  args: readonly string[],
  options: CliOptions = {},
): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  child.stdin.end(options.input ?? "");
  return child;
}

/** Runs the command line until it exits. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const child = spawnCli(args, options);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: code as number | null, stdout, stderr };
}

/** A running `lockstep up`. */
export interface Up {
  readonly url: string;
  readonly pid: number;
  /** What other commands need to connect to it. */
  readonly env: Readonly<Record<string, string>>;
  stderr(): string;
  /**
   * Sends a signal and waits until the process has ended. @returns its exit code, or null when the
   * signal ended it
   */
  end(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<number | null>;
}

/** Starts `lockstep up` on a free port and waits until it prints that it is up. */
export async function startUp(dataDir: string, options: CliOptions & { port?: string } = {}): Promise<Up> {
  const child = spawnCli(["up", "--json", "--port", options.port ?? "0", "--data-dir", dataDir], options);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
  const ended = once(child, "close").then(([code]) => code as number | null);
  await waitFor(() => stdout.includes("\n") || child.exitCode !== null, { what: "lockstep up" });
  if (!stdout.includes("\n")) throw new Error(`lockstep up ended with ${child.exitCode}: ${stderr}`);
  const { url } = JSON.parse(stdout) as { url: string };
  return {
    url,
    pid: child.pid ?? 0,
    env: { LOCKSTEP_URL: url },
    stderr: () => stderr,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/** A folder that is removed after the test file. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "lockstep-test-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A port of this machine on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
