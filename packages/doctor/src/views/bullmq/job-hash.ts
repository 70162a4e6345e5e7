import { createHash } from "node:crypto";
import { readTime } from "../times.js";
import { isQueued, UNLISTED } from "./states.js";

/** One job as inspect.lua returns it: its state, whether a worker holds its lock, and its hash. */
export interface BullmqJob {
  readonly state: string;
  /**
   * Whether the lists were searched; if not, `waiting` is assumed because the job is nowhere else.
   */
  readonly isStateSure: boolean;
  readonly hasLock: boolean;
  /** Its score in its set; "" when it is in a list. */
  readonly score: string;
  /** Whether it is in the list of a paused queue. */
  readonly isPaused: boolean;
  readonly fields: ReadonlyMap<string, string>;
}

/** Parses one answer of inspect.lua. @returns null when there is no such job */
export function decodeInspected(answer: unknown): BullmqJob | null {
  if (!Array.isArray(answer) || answer.length < 6) return null;
  const [state, isSure, lock, flat, score, isPaused] = answer as readonly unknown[];
  if (typeof state !== "string" || !Array.isArray(flat)) return null;
  return {
    state,
    isStateSure: isSure === 1,
    hasLock: lock === 1,
    score: String(score ?? ""),
    isPaused: isPaused === 1,
    fields: fieldsOf(flat),
  };
}

/** Alternating fields and values; missing values are left out. */
export function fieldsOf(flat: readonly unknown[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const value = flat[index + 1];
    if (typeof value === "string") fields.set(String(flat[index]), value);
  }
  return fields;
}

/**
 * The return value as BullMQ stores it: JSON, or the text `null` when the handler returned nothing.
 */
export function resultOf(
  fields: ReadonlyMap<string, string>,
): { readonly parsed: unknown; readonly json: string } | undefined {
  const json = fields.get("returnvalue");
  if (json === undefined || json === "null" || json === "") return undefined;
  try {
    return { parsed: JSON.parse(json), json };
  } catch {
    // Not written by BullMQ: kept as plain text.
    return { parsed: json, json: JSON.stringify(json) };
  }
}

/** The error of a failed job as JSON: its message, and the newest of its stack traces. */
export function errorOf(fields: ReadonlyMap<string, string>): string | undefined {
  const message = fields.get("failedReason");
  if (message === undefined || message === "") return undefined;
  const stack = newestOf(fields.get("stacktrace"));
  return JSON.stringify(stack === null ? { message } : { message, stack });
}

function newestOf(stacktrace: string | undefined): string | null {
  try {
    const traces: unknown = JSON.parse(stacktrace ?? "[]");
    const last: unknown = Array.isArray(traces) ? traces.at(-1) : null;
    return typeof last === "string" ? last : null;
  } catch {
    // The message alone is enough.
    return null;
  }
}

/** A time of BullMQ: milliseconds since 1970, as text. */
export function timeOf(fields: ReadonlyMap<string, string>, name: string): string | null {
  return readTime(fields.get(name), "UTC");
}

/** Started attempts: `ats` since version 5; version 4 increments `attemptsMade` at each start. */
export function attemptOf(fields: ReadonlyMap<string, string>): number | null {
  const started = fields.get("ats") ?? fields.get("attemptsMade");
  return started === undefined || !/^\d{1,9}$/.test(started) ? null : Number(started);
}

/**
 * Returns a text that differs whenever the job's state or any field of its hash differs. Fields are
 * taken in the order of their names.
 */
export function fingerprintOf({ state, fields }: Pick<BullmqJob, "state" | "fields">): string {
  const sorted = [...fields].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha1")
    .update(JSON.stringify([state, sorted]))
    .digest("hex");
}

/** Short evidence sentences for reports. */
export function evidenceOf(job: BullmqJob): string[] {
  const finished = timeOf(job.fields, "finishedOn");
  return [
    `its state in BullMQ is ${job.state}`,
    ...(job.state === "active" ? [job.hasLock ? "a worker holds its lock" : "no worker holds its lock"] : []),
    ...(finished === null ? [] : [`finished at ${finished}`]),
    ...(job.state === UNLISTED
      ? ["its hash exists, but no list contains it, so no worker will find it"]
      : []),
    ...(isQueued(job.state) && !job.isStateSure ? ["the waiting list is too long to search"] : []),
  ];
}
