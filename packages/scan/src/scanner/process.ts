import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type ScannerAnswer,
  type ScannerRequest,
  type ScannerSetup,
  scannerAnswerSchema,
} from "./protocol.js";

const START_MS = 60_000;
const FROM_SOURCE = import.meta.url.endsWith(".ts");
const MAIN = fileURLToPath(new URL(FROM_SOURCE ? "./main.ts" : "./main.js", import.meta.url));

/** A scanner process ended before it answered, or was killed because it took too long. */
export class ScannerDiedError extends Error {
  readonly why: "crashed" | "timed_out";
  constructor(why: "crashed" | "timed_out", detail: string) {
    super(`the scanner process ${why === "crashed" ? "died" : "took too long"}: ${detail}`);
    this.name = "ScannerDiedError";
    this.why = why;
  }
}

export interface ScannerProcess {
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Sends one request and passes on every answer, including the last.
   * @throws ScannerDiedError; the process has ended then
   */
  ask(request: ScannerRequest, timeoutMs: number, onAnswer: (answer: ScannerAnswer) => void): Promise<void>;
  /** Kills the process and everything it started, at once. Repeatable. */
  kill(): void;
}

export interface ScannerProcessOptions {
  readonly setup: ScannerSetup;
  /** The working directory of the process: an empty folder. */
  readonly cwd: string;
  readonly heapMib: number;
}

/** Starts a scanner process and waits until it has loaded its rules. @throws ScannerDiedError */
export async function startScanner(
  { setup, cwd, heapMib }: ScannerProcessOptions,
  signal: AbortSignal,
): Promise<ScannerProcess> {
  signal.throwIfAborted();
  const child = fork(MAIN, [JSON.stringify(setup)], {
    cwd,
    env: {},
    detached: true, // Its own process group, so that the whole group can be killed.
    execArgv: [`--max-old-space-size=${heapMib}`, "--no-warnings", ...loaderOrSandbox()],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const kill = () => killGroup(child);
  child.on("error", kill); // Also between two requests, when nothing else listens for errors.
  signal.addEventListener("abort", kill, { once: true });
  child.once("exit", () => signal.removeEventListener("abort", kill));
  const ready = await exchange(child, null, START_MS, () => undefined, signal);
  return {
    versions: ready.type === "ready" ? ready.versions : {},
    kill,
    async ask(request, timeoutMs, onAnswer) {
      await exchange(child, request, timeoutMs, onAnswer, signal);
    },
  };
}

/**
 * Run from source, the process needs a loader, which itself needs permissions; the built process
 * may only read.
 */
function loaderOrSandbox(): string[] {
  if (FROM_SOURCE) return ["--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href];
  const flag = ["--permission", "--experimental-permission"].find((name) =>
    process.allowedNodeEnvironmentFlags.has(name),
  );
  return flag === undefined ? [] : [flag, "--allow-fs-read=*", "--allow-worker"];
}

/** Sends a request and waits for its final answer. */
function exchange(
  child: ChildProcess,
  request: ScannerRequest | null,
  timeoutMs: number,
  onAnswer: (answer: ScannerAnswer) => void,
  signal: AbortSignal,
): Promise<ScannerAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("exit", onExit);
      child.off("error", onError);
      act();
    };
    const die = (why: "crashed" | "timed_out", detail: string) => {
      killGroup(child);
      settle(() => reject(signal.aborted ? signal.reason : new ScannerDiedError(why, detail)));
    };
    const onMessage = (message: unknown) => {
      const parsed = scannerAnswerSchema.safeParse(message);
      if (!parsed.success) return die("crashed", "it sent an invalid message");
      const answer = parsed.data;
      if (answer.type === "failed") return die("crashed", answer.message.slice(0, 500));
      onAnswer(answer);
      if (answer.type !== "findings") settle(() => resolve(answer));
    };
    const onExit = (code: number | null, killedBy: string | null) =>
      die("crashed", killedBy ?? `exit code ${code}`);
    const onError = (error: Error) => die("crashed", error.message);
    const timer = setTimeout(() => die("timed_out", `over ${timeoutMs} ms`), timeoutMs);
    child.on("message", onMessage);
    child.on("exit", onExit);
    child.on("error", onError);
    if (child.exitCode !== null || child.signalCode !== null) return onExit(child.exitCode, child.signalCode);
    if (request) child.send(request, (error) => error && die("crashed", error.message));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    // ESRCH: the process has already ended, which is the goal.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
