import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "lockstep-server-";
const OWNER_FILE = "owner.pid";
const SERVER_FILE = "server.pid";

/** The user and group a server runs as. null: as this process. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL and MariaDB do not run as root, so as root they are given to the user a package made, or to nobody. */
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
 * Makes a new folder for one server and notes which process owns it, so that what a killed run left behind can
 * be told from what a live one uses.
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

/** Ends the servers, and removes the folders, of owners that no longer live. */
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

/** A pid may have been given to another program since: only one that names the folder is the folder's server. */
function commandOf(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}
