import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

/** The purpose separates the folders of different kinds of job. */
const NAME = /^lockstep-(?<purpose>[a-z]{1,20})-(?<host>[0-9a-f]{8})-(?<pid>\d{1,10})-[0-9a-f-]{36}$/;

/**
 * Folders this process uses now. In a container every process is pid 1, so a pid alone does not
 * identify the owner of a folder.
 */
const inUse = new Set<string>();

export interface Workspace {
  /** A new, empty, private folder. */
  readonly dir: string;
  /** Removes the folder with its content. */
  remove(): Promise<void>;
}

/**
 * Creates a temporary folder. Its name has the host and pid, so that a later process can find out
 * whether its owner is gone.
 */
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

/**
 * Removes the folders of dead processes on this machine.
 * @returns how many
 */
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
    // EPERM: the process is alive and belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Machines and containers may share a temporary folder, and the same pid means a different process
 * on each.
 */
function hostTag(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
}
