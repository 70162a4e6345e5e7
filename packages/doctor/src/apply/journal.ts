import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { LockstepError } from "lockstep/internal/errors";
import { z } from "zod";
import { PlanItem } from "../plan/plan.js";

/** The options of a run. A resumed run uses the same ones. */
export const RunBegin = z.strictObject({
  schema: z.literal("lockstep.run/1"),
  run: z.uuid(),
  kind: z.enum(["apply", "undo"]),
  /** The plan that is applied, or the run that is undone. */
  of: z.uuid(),
  started_at: z.iso.datetime(),
  /** Who requested the run. */
  actor: z.string().default("unknown"),
  config_hash: z.string(),
  max_repairs: z.int().positive(),
  only: z.array(z.string()).nullable(),
  ids: z.array(z.string()).nullable(),
});

export type RunBegin = z.output<typeof RunBegin>;

/** Recorded, and synced to disk, before the write. */
export const Intent = z.strictObject({
  /** The item's position in the plan, from 0. */
  at: z.int().nonnegative(),
  item: PlanItem,
  /** The before image of the view to be changed; null: there was nothing. */
  image: z.unknown(),
  mark: z.string().nullable(),
});

export type Intent = z.output<typeof Intent>;

export const RepairOutcome = z.strictObject({
  at: z.int().nonnegative(),
  id: z.string(),
  outcome: z.enum(["written", "changed", "refused"]),
  /** Fingerprint of what the write left; null: nothing is there. */
  mark: z.string().nullable(),
  why: z.string().nullable(),
});

export type RepairOutcome = z.output<typeof RepairOutcome>;

export const RunEnd = z.strictObject({
  ended_at: z.iso.datetime(),
  /** `done`: the whole plan; `limit`: as many as allowed; `stopped`: the run can be resumed. */
  reason: z.enum(["done", "limit", "stopped"]),
});

export type RunEnd = z.output<typeof RunEnd>;

const JournalLine = z.union([
  z.strictObject({ begin: RunBegin }),
  z.strictObject({ intents: z.array(Intent) }),
  z.strictObject({ outcomes: z.array(RepairOutcome) }),
  z.strictObject({ end: RunEnd }),
]);

export type JournalLine = z.output<typeof JournalLine>;

export interface Journal {
  /** Resolves when the line is on disk. */
  append(line: JournalLine): Promise<void>;
  close(): Promise<void>;
}

/** Opens a run's journal for appending. A last line that a crash cut short is removed first. */
export async function openJournal(path: string): Promise<Journal> {
  const file = await open(path, "a+", 0o600);
  await cutTornLine(file);
  return {
    async append(line) {
      await file.appendFile(`${JSON.stringify(line)}\n`);
      await file.sync();
    },
    close: () => file.close(),
  };
}

async function cutTornLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  let end = size;
  const chunk = Buffer.alloc(65_536);
  while (end > 0) {
    const start = Math.max(0, end - chunk.length);
    const { bytesRead } = await file.read(chunk, 0, end - start, start);
    const last = chunk.subarray(0, bytesRead).lastIndexOf(10);
    if (last >= 0) {
      end = start + last + 1;
      break;
    }
    end = start;
  }
  if (end < size) await file.truncate(end);
}

/**
 * The lines of a journal. A last line without its end was cut short by a crash: nothing was done
 * about it, so it is left out.
 * @throws LockstepError RUN_NOT_FOUND
 */
export async function* journalLines(path: string): AsyncIterable<JournalLine> {
  const input = createReadStream(path, "utf8");
  let previous: string | null = null;
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (previous !== null) yield JournalLine.parse(JSON.parse(previous));
      previous = text;
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw new LockstepError("RUN_NOT_FOUND", "there is no such run", { cause: error });
    throw error;
  } finally {
    input.destroy();
  }
  const last = previous === null ? null : lineOrNull(previous);
  if (last !== null) yield last;
}

function lineOrNull(text: string): JournalLine | null {
  try {
    return JournalLine.parse(JSON.parse(text));
  } catch {
    // Cut short by a crash during the append, before anything was done about it.
    return null;
  }
}
