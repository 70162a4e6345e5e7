import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import {
  type AttemptOutcome,
  type Canonical,
  canonicalJson,
  OUTPUT_BYTES_MAX,
  unstorableOutcome,
} from "../job/index.js";
import type { HeldAttempt } from "../ledger/index.js";

const KEPT_BYTES_MAX = 16_777_216;
const KEPT_FILES_MAX = 1_000;

/**
 * A handler's output as canonical JSON, or the reason why the ledger cannot store it. Never throws,
 * whatever the value does.
 */
export function outputJson(value: unknown): Canonical {
  try {
    return canonicalJson(value, OUTPUT_BYTES_MAX);
  } catch (error) {
    return { ok: false, issue: { pointer: "", message: `cannot be read (${String(error)})` } };
  }
}

/** One sentence for people: what is wrong with an output, and where. */
export function thrownText(issue: { readonly pointer: string; readonly message: string }): string {
  return `The output${issue.pointer === "" ? "" : ` at ${issue.pointer}`} ${issue.message}.`;
}

/**
 * Fails a job whose output the ledger cannot store, and keeps the output in a file in the data
 * directory.
 * @param text the output; the file is named after the attempt
 */
export async function keepUnstorable(
  dataDir: string,
  attempt: HeldAttempt,
  text: string,
  why: string,
): Promise<AttemptOutcome> {
  const name = `${attempt.job_id}-${attempt.attempt}.txt`;
  const folder = join(dataDir, "unstorable");
  const kept = await keep(folder, name, text).then(
    () => `It is kept in the worker's data directory as unstorable/${name}.`,
    (error: NodeJS.ErrnoException) => `It could not be kept in a file (${error.code ?? error.message}).`,
  );
  return unstorableOutcome(`${why} ${kept}`);
}

async function keep(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length >= KEPT_FILES_MAX)
    throw new Error(`there are ${KEPT_FILES_MAX} already`);
  await writeFile(join(folder, name), Buffer.from(text).subarray(0, KEPT_BYTES_MAX), { mode: 0o600 });
}

/** The value as JSON if JSON can represent it, otherwise as Node.js displays it. */
export function rawText(value: unknown): string {
  try {
    const text: unknown = JSON.stringify(value);
    if (typeof text === "string") return text;
  } catch {
    // It refers to itself or contains a bigint: shown below.
  }
  try {
    return inspect(value, { depth: 100, maxArrayLength: 100_000, maxStringLength: KEPT_BYTES_MAX });
  } catch (error) {
    return `a value that cannot be shown: ${String(error)}`;
  }
}
