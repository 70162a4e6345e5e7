import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { LockstepError } from "lockstep/internal/errors";
import { type PlanFooter, type PlanHeader, type PlanItem, PlanLine, type PlanSkip } from "./plan.js";

const BUFFER_CHARACTERS = 256_000;

export interface PlanWriter {
  add(line: { readonly item: PlanItem } | { readonly skip: PlanSkip }): Promise<void>;
  /** Syncs the file and renames it to its final name. */
  finish(): Promise<PlanFooter>;
  /** Removes the unfinished file. */
  discard(): Promise<void>;
}

/**
 * Writes a plan line by line, so a plan with a million repairs needs little memory. The file gets
 * its final name only when it is complete.
 */
export async function createPlanFile(path: string, header: PlanHeader): Promise<PlanWriter> {
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, "w", 0o600);
  const hash = createHash("sha256");
  const counts = { repairs: 0, skipped: 0 };
  let buffered = "";
  const put = async (line: object, isLast = false): Promise<void> => {
    const text = `${JSON.stringify(line)}\n`;
    if (!isLast) hash.update(text);
    buffered += text;
    if (buffered.length < BUFFER_CHARACTERS && !isLast) return;
    await file.write(buffered);
    buffered = "";
  };
  await put({ header });
  return {
    async add(line) {
      if ("item" in line) counts.repairs += 1;
      else counts.skipped += 1;
      await put(line);
    },
    async finish() {
      const footer = { ...counts, sha256: hash.digest("hex") };
      await put({ footer }, true);
      await file.sync();
      await file.close();
      await rename(unfinished, path);
      return footer;
    },
    async discard() {
      await file.close();
      await rm(unfinished, { force: true });
    },
  };
}

/**
 * Reads a whole plan once and verifies that it is as it was written.
 * @throws LockstepError PLAN_NOT_FOUND, PLAN_STALE when it was edited or is incomplete
 */
export async function verifyPlan(path: string): Promise<{ header: PlanHeader; footer: PlanFooter }> {
  const hash = createHash("sha256");
  let header: PlanHeader | null = null;
  let footer: PlanFooter | null = null;
  for await (const text of linesOf(path)) {
    if (footer !== null) throw edited("it continues after its end");
    const line = parseLine(text);
    if ("footer" in line) footer = line.footer;
    else hash.update(`${text}\n`);
    if ("header" in line) header = line.header;
  }
  if (header === null || footer === null) throw edited("its beginning or end is missing");
  if (footer.sha256 !== hash.digest("hex")) throw edited("it was changed after it was written");
  return { header, footer };
}

/** The repairs of a plan, in its order. The plan must be verified first. */
export async function* planItems(path: string): AsyncIterable<PlanItem> {
  for await (const text of linesOf(path)) {
    const line = parseLine(text);
    if ("item" in line) yield line.item;
  }
}

/** The jobs that are not repaired, each with its reason. */
export async function* planSkips(path: string): AsyncIterable<PlanSkip> {
  for await (const text of linesOf(path)) {
    const line = parseLine(text);
    if ("skip" in line) yield line.skip;
  }
}

async function* linesOf(path: string): AsyncIterable<string> {
  const input = createReadStream(path, "utf8");
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    yield* lines;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw new LockstepError("PLAN_NOT_FOUND", "there is no such plan", { cause: error });
    throw error;
  } finally {
    lines.close();
    input.destroy();
  }
}

function parseLine(text: string) {
  try {
    return PlanLine.parse(JSON.parse(text));
  } catch (cause) {
    throw new LockstepError(
      "PLAN_STALE",
      "the plan cannot be used: one of its lines was not written by the doctor",
      {
        cause,
      },
    );
  }
}

function edited(why: string): LockstepError {
  return new LockstepError("PLAN_STALE", `the plan cannot be used: ${why}`);
}
