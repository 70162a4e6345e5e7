import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import {
  type AttemptOutcome,
  type Canonical,
  canonicalJson,
  issueOfObject,
  OUTPUT_BYTES_MAX,
  safeText,
  storableText,
  unstorableOutcome,
} from "../job/index.js";
import type { HeldAttempt } from "../ledger/index.js";

const KEPT_BYTES_MAX = 16_777_216;
const KEPT_FILES_MAX = 1_000;
const TEXT_BYTES_MAX = 4_096;
/** Of the JSON that is written to find what to keep; it blocks the event loop meanwhile. */
const JSON_CHARS_MAX = 67_108_864;
const JSON_VALUES_MAX = 500_000;
const DEPTH_WHEN_LARGE = 4;

/**
 * A handler's output as canonical JSON, or the reason why the ledger cannot store it. Never throws,
 * whatever the value does.
 */
export function outputJson(value: unknown): Canonical {
  return canonicalJson(value, OUTPUT_BYTES_MAX);
}

/** One sentence for people: what is wrong with an output, and where. */
export function thrownText(issue: { readonly pointer: string; readonly message: string }): string {
  const place = issue.pointer === "" ? "" : ` at ${issue.pointer}`;
  // The pointer contains names of members, and the message may contain what a getter threw.
  return storableText(`The output${place} ${issue.message}.`, TEXT_BYTES_MAX);
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

/**
 * The value as JSON if JSON can represent it, otherwise as Node.js displays it. Never throws,
 * whatever the value does.
 */
export function rawText(value: unknown): string {
  const seen = { chars: 0, values: 0, changed: false, tooLarge: false };
  try {
    const text: unknown = JSON.stringify(value, inspectingReplacer(seen));
    if (typeof text === "string" && !seen.changed) return text;
  } catch {
    // It refers to itself, is too large, or its own code throws: shown below.
  }
  const depth = seen.tooLarge ? DEPTH_WHEN_LARGE : 100;
  try {
    return inspect(value, { depth, maxArrayLength: 100_000, maxStringLength: KEPT_BYTES_MAX });
  } catch (error) {
    return `a value that cannot be shown: ${safeText(error)}`;
  }
}

/**
 * A replacer that notes whether JSON would silently write something else, such as {} for a Map, and
 * that ends at the limit: an object that is shared on every level has no end in practice.
 */
function inspectingReplacer(seen: { chars: number; values: number; changed: boolean; tooLarge: boolean }) {
  return function replacer(this: Record<string, unknown>, key: string, value: unknown): unknown {
    seen.values += 1;
    seen.chars += key.length + (typeof value === "string" ? value.length : 5);
    seen.tooLarge = seen.chars > JSON_CHARS_MAX || seen.values > JSON_VALUES_MAX;
    if (seen.tooLarge) throw new RangeError("too large");
    const original = this[key];
    if (typeof original === "object" && original !== null) seen.changed ||= issueOfObject(original) !== null;
    if (typeof value === "number") seen.changed ||= !Number.isFinite(value);
    const isLost =
      value === undefined ? Array.isArray(this) : ["bigint", "function", "symbol"].includes(typeof value);
    seen.changed ||= isLost;
    return isLost ? null : value;
  };
}
