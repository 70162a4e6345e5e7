import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

/** What a folder is for: it tells it from those of other kinds of job. */
const NAME = /^lockstep-(?<purpose>[a-z]{1,20})-(?<host>[0-9a-f]{8})-(?<pid>\d{1,10})-[0-9a-f-]{36}$/;

/** Folders this process uses now. In a container every process is pid 1, so a pid alone does not tell whose a folder is. */
const inUse = new Set<string>();

export interface Workspace {
  /** A new, empty, private folder. */
  readonly dir: string;
  /** Removes the folder with all that is in it. */
  remove(): Promise<void>;
}

/** Makes a temporary folder. Its name carries host and pid, so that a later process can tell whether its owner is gone. */
export async function createWorkspace(purpose: string, parent = tmpdir()): Promise<Workspace> {
  const name = `lockstep-${purpose}-${hostTag()}-${process.pid}-${randomUUID()}`;
  const dir = join(parent, name);
  inUse.add(name);
  await mkdir(dir, { mode: 0o700 });
  return {
    dir,
    async remove() {
      await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      inUse.delete(name);
    },
  };
}

/** Removes the folders of processes on this machine that died without doing so. @returns how many */
export async function sweepWorkspaces(purpose: string, parent = tmpdir()): Promise<number> {
  const leftovers = (await readdir(parent)).filter((name) => isLeftover(name, purpose));
  for (const name of leftovers) await rm(join(parent, name), { recursive: true, force: true });
  return leftovers.length;
}

function isLeftover(name: string, purpose: string): boolean {
  const parts = NAME.exec(name)?.groups;
  if (!parts || parts.purpose !== purpose || parts.host !== hostTag()) return false;
  const pid = Number(parts.pid);
  return pid === process.pid ? !inUse.has(name) : !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to someone else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Machines and containers may share a temporary folder, and their pids mean different processes. */
function hostTag(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
}
