import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

const STDERR_BYTES_MAX = 65_536;
const WATCH_MS = 200;
const MIB = 1_048_576;
const SETPRIV = "/usr/bin/setpriv";

export interface ProgramOptions {
  /** The program and its arguments. There is no shell in between. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** The program is killed when it prints more than this. */
  readonly stdoutBytesMax: number;
  readonly signal: AbortSignal;
  /**
   * Checks the program every `watchMs`. If it returns a text, the program is killed and the text is
   * the reason.
   */
  readonly watch?: () => Promise<string | null>;
  readonly watchMs?: number;
  /** Called with the program's output as it is printed. */
  readonly onStdout?: (text: string) => void;
  /**
   * Bytes of memory the program may use, where the system reports it (Linux). It is killed when it
   * uses more.
   */
  readonly memoryBytesMax?: number;
  /**
   * On Linux the program is killed as soon as this process ends, in whatever way. Default false.
   */
  readonly diesWithUs?: boolean;
}

export interface ProgramResult {
  /** null when it was killed. */
  readonly code: number | null;
  readonly stdout: Buffer;
  /** The first 64 KiB of stderr. */
  readonly stderr: string;
  /** Why it was killed; null when it was not. */
  readonly stopped: string | null;
}

/** The program could not be started. */
export class ProgramMissingError extends Error {
  constructor(program: string, cause: unknown) {
    super(`${program} could not be started`, { cause });
    this.name = "ProgramMissingError";
  }
}

/**
 * Runs a program in its own process group, and kills the whole group when a limit is exceeded or
 * the watch returns a reason.
 * @throws ProgramMissingError, or the signal's reason
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramResult> {
  options.signal.throwIfAborted();
  const [program] = options.argv;
  const [command, ...args] = options.diesWithUs ? tiedToUs(options.argv) : options.argv;
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...options.env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const guard = new Guard(child);
  const timers = [
    setTimeout(() => guard.stop(`took longer than ${options.timeoutMs / 1_000} s`), options.timeoutMs),
    watchTimer(options.watch, options.watchMs ?? WATCH_MS, guard),
    watchTimer(memoryWatch(child, options.memoryBytesMax), WATCH_MS, guard),
  ];
  const onAbort = () => guard.stop("aborted");
  options.signal.addEventListener("abort", onAbort, { once: true });
  try {
    if (options.onStdout)
      child.stdout?.on("data", (chunk: Buffer) => options.onStdout?.(chunk.toString("latin1")));
    const stdout = collect(child.stdout, options.stdoutBytesMax, () => guard.stop("printed too much"));
    const stderr = collect(child.stderr, STDERR_BYTES_MAX, () => undefined);
    const code = await closed(child, program);
    options.signal.throwIfAborted();
    return {
      code,
      stdout: Buffer.concat(stdout),
      stderr: Buffer.concat(stderr).toString("utf8"),
      stopped: guard.stopped,
    };
  } finally {
    options.signal.removeEventListener("abort", onAbort);
    for (const timer of timers) clearInterval(timer);
  }
}

/** Kills a process group once, and remembers the reason. */
class Guard {
  stopped: string | null = null;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  stop(why: string): void {
    this.stopped ??= why;
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, "SIGKILL");
    } catch (error) {
      // ESRCH: the group has ended by itself meanwhile.
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}

function watchTimer(
  watch: ProgramOptions["watch"],
  watchMs: number,
  guard: Guard,
): NodeJS.Timeout | undefined {
  if (!watch) return undefined;
  let looking = false;
  return setInterval(() => {
    if (looking) return;
    looking = true;
    watch()
      .then((why) => why !== null && guard.stop(why))
      .catch(() => guard.stop("could not be watched"))
      .finally(() => {
        looking = false;
      });
  }, watchMs);
}

/**
 * Checks the memory of the program itself. Where the system does not report it, there is no limit.
 */
function memoryWatch(child: ChildProcess, bytesMax: number | undefined): ProgramOptions["watch"] {
  if (bytesMax === undefined) return undefined;
  return async () => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
    const kibibytes = Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0);
    return kibibytes * 1_024 > bytesMax ? `used more than ${Math.round(bytesMax / MIB)} MiB of memory` : null;
  };
}

/**
 * Lets the system end the program with its parent: a parent that gets a SIGKILL has no time to do
 * it.
 */
function tiedToUs(argv: ProgramOptions["argv"]): ProgramOptions["argv"] {
  return existsSync(SETPRIV) ? [SETPRIV, "--pdeathsig", "KILL", "--", ...argv] : argv;
}

function collect(stream: NodeJS.ReadableStream | null, bytesMax: number, onOverflow: () => void): Buffer[] {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream?.on("data", (chunk: Buffer) => {
    if (bytes + chunk.length > bytesMax) onOverflow();
    else chunks.push(chunk);
    bytes += chunk.length;
  });
  return chunks;
}

/** Waits until the program has ended and its output is read. */
function closed(child: ChildProcess, program: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new ProgramMissingError(program, error)));
    child.once("close", (code) => resolve(code));
  });
}
