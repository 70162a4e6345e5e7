import { join } from "node:path";
import { findProgram, type ProgramResult, runProgram } from "lockstep/internal/programs";
import { dockingError } from "./docking-error.js";
import type { DockingLimits } from "./limits.js";

/**
 * Runs programs for one docking: in its own folder, within its limits, and killed together with it.
 */
export interface Tools {
  /** @throws NonRetryableError LIMIT_EXCEEDED, the signal's reason */
  vina(args: readonly string[], onStdout: (text: string) => void): Promise<ProgramResult>;
  /** @throws NonRetryableError LIMIT_EXCEEDED, the signal's reason */
  obabel(args: readonly string[]): Promise<ProgramResult>;
  node(args: readonly string[]): Promise<ProgramResult>;
}

export interface ToolsOptions {
  readonly searchPath: string;
  /** A private folder, the working directory of the programs. */
  readonly work: string;
  readonly limits: DockingLimits;
  readonly signal: AbortSignal;
}

export function createTools({ searchPath, work, limits, signal }: ToolsOptions): Tools {
  async function run(
    name: string,
    args: readonly string[],
    timeoutMs: number,
    onStdout?: (text: string) => void,
  ) {
    const program = name === "node" ? process.execPath : findProgram(name, searchPath);
    if (program === null) throw new Error(`${name} is not installed on the worker's machine`);
    const result = await runProgram({
      argv: [program, ...args],
      cwd: work,
      env: { PATH: searchPath, HOME: work, LC_ALL: "C.UTF-8" },
      timeoutMs,
      stdoutBytesMax: limits.printedBytesMax,
      memoryBytesMax: limits.memoryBytesMax,
      diesWithUs: true,
      signal,
      ...(onStdout ? { onStdout } : {}),
    });
    if (result.stopped !== null)
      throw dockingError("LIMIT_EXCEEDED", `${name} ${result.stopped}, and was stopped`);
    return result;
  }
  return {
    vina: (args, onStdout) => run("vina", args, limits.vinaMs, onStdout),
    obabel: (args) => run("obabel", ["---errorlevel", "1", ...args], limits.prepareMs),
    node: (args) => run("node", args, limits.prepareMs),
  };
}

const VERSION_MS = 20_000;
const versions = new Map<string, Promise<Versions>>();

export interface Versions {
  readonly vina: string;
  readonly openbabel: string;
}

/** Reads the versions of the programs, once per process. */
export function readVersions(searchPath: string, work: string): Promise<Versions> {
  const known = versions.get(searchPath);
  if (known !== undefined) return known;
  const asked = askVersions(searchPath, work);
  versions.set(searchPath, asked);
  asked.catch(() => versions.delete(searchPath));
  return asked;
}

async function askVersions(searchPath: string, work: string): Promise<Versions> {
  const ask = async (name: string, flag: string) => {
    const program = findProgram(name, searchPath) ?? join("/", name);
    const { stdout } = await runProgram({
      argv: [program, flag],
      cwd: work,
      env: { PATH: searchPath, LC_ALL: "C.UTF-8" },
      timeoutMs: VERSION_MS,
      stdoutBytesMax: 65_536,
      signal: new AbortController().signal,
    });
    return /\d+\.\d+[\w.-]*/.exec(stdout.toString("latin1"))?.[0] ?? "unknown";
  };
  const [vina, openbabel] = await Promise.all([ask("vina", "--version"), ask("obabel", "-V")]);
  return { vina, openbabel };
}
