import { execFileSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "lockstep-server-";
const OWNER_FILE = "owner.pid";
const SERVER_FILE = "server.pid";
const SHARED_MEMORY = "/dev/shm";
const ROOM_BYTES = 6 * 1024 ** 3;

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
 * The file system in memory, where there is room for it. Creating and dropping a database takes a
 * quarter of the time there. A killed server loses nothing there, as on a disk: only a machine that
 * goes down makes the difference, and no test does that.
 */
export function memoryFolder(): string {
  if (!existsSync(SHARED_MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(SHARED_MEMORY);
  return Math.min(bavail * bsize, freemem()) >= ROOM_BYTES ? SHARED_MEMORY : tmpdir();
}

/** On the disk unless the environment says otherwise: what measures has to write as it would. */
function serversFolder(): string {
  return process.env.LOCKSTEP_TEST_FOLDER ?? tmpdir();
}

/**
 * Makes a new folder for one server and records which process owns it, so that folders left by a
 * killed run can be distinguished from those of a live one.
 */
export function makeServerFolder(account: Account | null): string {
  removeLeftovers();
  const folder = mkdtempSync(join(serversFolder(), PREFIX));
  writeFileSync(join(folder, OWNER_FILE), String(process.pid));
  if (account) chownSync(folder, account.uid, account.gid);
  return folder;
}

export function noteServerPid(folder: string, pid: number): void {
  writeFileSync(join(folder, SERVER_FILE), String(pid));
}

/** Ends the servers, and removes the folders, of owners that are no longer alive. */
function removeLeftovers(): void {
  for (const name of readdirSync(serversFolder())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(serversFolder(), name);
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
