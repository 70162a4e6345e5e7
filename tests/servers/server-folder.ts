import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "lockstep-server-";
const OWNER_FILE = "owner.pid";
const SERVER_FILE = "server.pid";

/** The user and group a server runs as. null: those of this process. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL and MariaDB refuse to run as root. When this process is root, they run as the user
 * that a package created, or as nobody.
 */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ["postgres", "nobody"]) {
    const uid = idOf("-u", name);
    const gid = idOf("-g", name);
    if (uid !== null && gid !== null) return { uid, gid };
  }
  throw new Error(
    "Database servers do not run as root, and there is no user postgres or nobody to give it to.",
  );
}

function idOf(flag: "-u" | "-g", name: string): number | null {
  try {
    return Number(
      execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  } catch {
    return null;
  }
}

/**
 * Makes a new folder for one server and records which process owns it, so that folders left by a
 * killed run can be distinguished from those of a live one.
 */
export function makeServerFolder(account: Account | null): string {
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(folder, OWNER_FILE), String(process.pid));
  if (account) chownSync(folder, account.uid, account.gid);
  return folder;
}

export function noteServerPid(folder: string, pid: number): void {
  writeFileSync(join(folder, SERVER_FILE), String(pid));
}

/** Ends the servers, and removes the folders, of owners that are no longer alive. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const owner = readPid(join(folder, OWNER_FILE));
    if (owner === null || isAlive(owner)) continue;
    const server = readPid(join(folder, SERVER_FILE));
    if (server !== null && commandOf(server).includes(folder)) process.kill(server, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

function readPid(file: string): number | null {
  try {
    return Number.parseInt(readFileSync(file, "utf8"), 10) || null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Another program may have got the pid since: only a process that names the folder is the folder's
 * server.
 */
function commandOf(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}
