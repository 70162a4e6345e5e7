import type { Dirent } from "node:fs";
import { lstat, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { NonRetryableError } from "lockstep/internal/errors";
import { ProgramMissingError, type ProgramResult, runProgram } from "lockstep/internal/programs";
import { gitConfig, gitEnvironment } from "./git-settings.js";
import type { GitUrl } from "./git-url.js";
import { judgedAddresses } from "./judge-host.js";

const LISTING_BYTES_MAX = 64 * 1024 * 1024;
const TOO_LARGE = "is over";

export interface GitFetchOptions {
  readonly url: GitUrl;
  readonly ref: string | null;
  /** An empty folder: the files go to `tree` in it, and git's own files beside that. */
  readonly dir: string;
  readonly allowPrivateAddresses: boolean;
  /** A file with certificates to trust instead of the system's. */
  readonly caFile: string | null;
  /** Where programs are looked up, like `PATH`. */
  readonly searchPath: string;
  /** For the whole fetch. */
  readonly timeoutMs: number;
  readonly bytesMax: number;
  readonly filesMax: number;
  readonly signal: AbortSignal;
  /** Resolves a host name. Default: the system's resolver. */
  readonly lookUp?: (host: string) => Promise<readonly string[]>;
}

export interface Fetched {
  readonly root: string;
  readonly commit: string;
}

/**
 * Fetches one commit of a repository and writes its files.
 *
 * git runs only with the configuration given here: no hooks, submodules, filters, credentials,
 * redirects, or transports except https. The host name is resolved and checked once, and git
 * receives the addresses, so that a name that later resolves to another address (DNS rebinding) has
 * no effect. The size of the commit is measured before its files are written, and symbolic links
 * become plain files.
 * @throws NonRetryableError when the address, the repository or its size is refused; Error when the
 *   network fails
 */
export async function gitFetch(options: GitFetchOptions): Promise<Fetched> {
  const deadline = performance.now() + options.timeoutMs;
  const addresses = await judgedAddresses({ ...options, host: options.url.host });
  const tree = join(options.dir, "tree");
  await mkdir(tree);
  await mkdir(join(options.dir, "home"));
  const config = gitConfig({ ...options, addresses });
  const git = async (...args: string[]) => {
    const timeoutMs = Math.max(1, deadline - performance.now());
    return succeed(
      await runGit({ ...options, timeoutMs }, ["git", ...config, ...args], tree).catch(explainMissing),
    );
  };
  await git("init", "--quiet", "--template=");
  const what = [
    "--depth=1",
    "--no-tags",
    "--no-recurse-submodules",
    "--",
    options.url.href,
    options.ref ?? "HEAD",
  ];
  await git("fetch", "--quiet", ...what);
  measure(await git("ls-tree", "-r", "-l", "-z", "FETCH_HEAD"), options);
  await git("checkout", "--quiet", "--detach", "FETCH_HEAD");
  return { root: tree, commit: await git("rev-parse", "FETCH_HEAD").then((text) => text.trim()) };
}

function runGit(options: GitFetchOptions, argv: [string, ...string[]], cwd: string): Promise<ProgramResult> {
  return runProgram({
    argv,
    cwd,
    env: gitEnvironment(options.dir, options.searchPath),
    timeoutMs: options.timeoutMs,
    stdoutBytesMax: LISTING_BYTES_MAX,
    signal: options.signal,
    watch: async () =>
      (await folderBytes(options.dir, options.bytesMax)) > options.bytesMax
        ? `${TOO_LARGE} ${options.bytesMax} bytes`
        : null,
  });
}

function explainMissing(error: unknown): never {
  if (!(error instanceof ProgramMissingError)) throw error;
  throw new NonRetryableError("git is not installed on the machine that runs the scan", {
    code: "GIT_MISSING",
    cause: error,
  });
}

/** @returns what git printed */
function succeed({ code, stdout, stderr, stopped }: ProgramResult): string {
  if (stopped?.startsWith(TOO_LARGE)) throw tooLarge(stopped);
  if (stopped !== null) throw new Error(`git ${stopped}`);
  if (code !== 0) throw gitError(stderr);
  return stdout.toString("latin1");
}

function tooLarge(what: string): NonRetryableError {
  return new NonRetryableError(`the git repository ${what}`, { code: "TARGET_TOO_LARGE" });
}

/**
 * Failures that no retry can fix, recognised by git's messages, which are English because LC_ALL is
 * C.
 */
const HOPELESS =
  /not found|couldn't find remote ref|not our ref|no such ref|certificate|transport .* not allowed|Authentication failed|could not read Username|dumb http transport|returned error: (?:3\d\d|40[0-7]|41\d)/i;

function gitError(stderr: string): Error {
  if (/returned error: 3\d\d/.test(stderr)) {
    return new NonRetryableError("the git repository has moved: a redirect is not followed", {
      code: "GIT_FAILED",
    });
  }
  const line = stderr.split("\n").findLast((text) => text.trim() !== "") ?? "";
  const message = `git could not fetch the repository: ${line.trim().slice(0, 300)}`;
  return HOPELESS.test(stderr) ? new NonRetryableError(message, { code: "GIT_FAILED" }) : new Error(message);
}

/**
 * Adds up the size of the commit's files: a small pack can unpack to any size.
 * @param listing of `ls-tree -r -l -z`
 */
function measure(listing: string, { bytesMax, filesMax }: GitFetchOptions): void {
  let bytes = 0;
  let files = 0;
  for (const entry of listing.split("\0")) {
    if (entry === "") continue;
    bytes += Number(/^\S+ \S+ \S+\s+(\d+)/.exec(entry)?.[1] ?? 0);
    files += 1;
  }
  if (files > filesMax) throw tooLarge(`has more than ${filesMax} files`);
  if (bytes > bytesMax) throw tooLarge(`${TOO_LARGE} ${bytesMax} bytes`);
}

/** Bytes of all files in a folder. Stops counting above the limit. */
async function folderBytes(dir: string, bytesMax: number): Promise<number> {
  let bytes = 0;
  const stack = [dir];
  for (let folder = stack.pop(); folder !== undefined && bytes <= bytesMax; folder = stack.pop()) {
    for (const entry of await entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) stack.push(path);
      else bytes += (await lstat(path).catch(() => null))?.size ?? 0; // git renames its temporary files meanwhile.
    }
  }
  return bytes;
}

function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []); // Removed meanwhile.
}
