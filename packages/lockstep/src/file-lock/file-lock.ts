import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { canJudge, isRunning, type ProcessIdentity, thisProcess } from "./process-identity.js";

const TOUCH_MS = 10_000;
const UNTOUCHED_MS_MAX = 60_000;
const ROUNDS_MAX = 200;
const ROUND_MS = 10;
const DEPTH_MAX = 4;

export interface FileLock {
  readonly held: true;
  /** Releases the lock. May be called twice. */
  release(): Promise<void>;
}

export interface LockedBy {
  readonly held: false;
  /** Process id of the holder; null when the lock file does not say. */
  readonly pid: number | null;
}

interface Holder extends ProcessIdentity {
  readonly nonce: string;
}

const HOLDER = z.object({
  pid: z.int().positive(),
  started: z.string().nullable(),
  namespace: z.string().nullable(),
  nonce: z.string().regex(/^[0-9a-f]{16}$/),
});

/**
 * Takes the lock at a path, at once or not at all. The folder is created when it is missing.
 * @param path of the lock file itself, beside the data it protects
 * @returns the lock, or who holds it
 */
export async function acquireFileLock(path: string): Promise<FileLock | LockedBy> {
  await mkdir(dirname(path), { recursive: true });
  return await acquire(path, DEPTH_MAX);
}

async function acquire(path: string, depthLeft: number): Promise<FileLock | LockedBy> {
  const holder: Holder = { ...thisProcess(), nonce: randomBytes(8).toString("hex") };
  const draft = `${path}.${holder.nonce}`;
  await writeDurably(draft, JSON.stringify(holder));
  try {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      if (await linkUnlessThere(draft, path)) return held(path, holder);
      const other = await readHolder(path);
      if (other === "none") continue;
      if (other === "unreadable" || depthLeft === 0) return { held: false, pid: null };
      if (await isAlive(path, other)) return { held: false, pid: other.pid };
      if (await takeOver({ path, draft, dead: other, depthLeft })) return held(path, holder);
      await delay(ROUND_MS);
    }
    return { held: false, pid: null };
  } finally {
    await rm(draft, { force: true });
  }
}

/** @returns false when another process is taking it over, or was faster: check again */
async function takeOver(at: {
  path: string;
  draft: string;
  dead: Holder;
  depthLeft: number;
}): Promise<boolean> {
  const turn = await acquire(`${at.path}.after-${at.dead.nonce}`, at.depthLeft - 1);
  if (!turn.held) return false;
  try {
    const now = await readHolder(at.path);
    if (typeof now === "string" || now.nonce !== at.dead.nonce) return false;
    await rename(at.draft, at.path);
    return true;
  } finally {
    await turn.release();
  }
}

function held(path: string, holder: Holder): FileLock {
  const touch = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined); // The next touch makes up for a missed one.
  }, TOUCH_MS).unref();
  return {
    held: true,
    async release() {
      clearInterval(touch);
      const now = await readHolder(path);
      if (typeof now === "object" && now.nonce === holder.nonce) await rm(path, { force: true });
    },
  };
}

async function isAlive(path: string, holder: Holder): Promise<boolean> {
  if (canJudge(holder)) return isRunning(holder);
  try {
    return Date.now() - (await stat(path)).mtimeMs < UNTOUCHED_MS_MAX;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<Holder | "none" | "unreadable"> {
  try {
    return HOLDER.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (isMissing(error)) return "none";
    if (error instanceof SyntaxError || error instanceof z.ZodError) return "unreadable";
    throw error;
  }
}

async function linkUnlessThere(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
