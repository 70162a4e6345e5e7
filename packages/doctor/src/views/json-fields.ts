import type { Status } from "lockstep/internal/job";
import { z } from "zod";
import { memberText } from "./json-text.js";
import type { Vocabulary } from "./status-words.js";
import { readTime } from "./times.js";
import type { Summary, Unknown, Value } from "./view.js";

const Path = z.string().min(1);

/** Paths of the members of a JSON value, as names with dots: `status`, `meta.finished_at`. */
export const JsonFields = z
  .strictObject({
    status: Path.default("status"),
    result: Path.default("result"),
    error: Path.default("error"),
    attempt: Path.default("attempt"),
    created_at: Path.default("created_at"),
    started_at: Path.default("started_at"),
    finished_at: Path.default("finished_at"),
    updated_at: Path.default("updated_at"),
    heartbeat_at: Path.default("heartbeat_at"),
  })
  .prefault({});

export type JsonFields = z.output<typeof JsonFields>;

export interface JsonReader {
  /** Read for every job: only what a comparison needs. */
  summaries(text: string): Summary | Unknown;
  /** Reads everything; the view itself adds `fingerprint`, `beforeImage` and `evidence`. */
  read(text: string): Omit<Value, "fingerprint" | "beforeImage" | "evidence"> | Unknown;
}

export interface JsonReaderOptions {
  readonly fields: JsonFields;
  readonly words: Vocabulary;
  /** Time zone of times without one. */
  readonly zone: string;
  /** A heartbeat younger than this is live. */
  readonly heartbeatMs: number;
  /** The status of a value without one; the whole value is then the job's result. */
  readonly without_status?: Status | undefined;
}

const NO_STATUS = "(no status)";

/** Reads jobs that are stored as JSON objects. */
export function createJsonReader(options: JsonReaderOptions): JsonReader {
  const { fields, words, zone, heartbeatMs, without_status: bareStatus } = options;
  const paths = pathsOf(fields);
  const isBare = (document: object) => bareStatus !== undefined && at(document, paths.status) === undefined;

  const see = (document: object): Summary | Unknown => {
    if (bareStatus !== undefined && isBare(document)) {
      // A value with an error is not a plain result: a person has to look at it.
      const status = (at(document, paths.error) ?? null) === null ? bareStatus : null;
      return { state: "value", word: NO_STATUS, status, result: document, lock: undefined };
    }
    const word = at(document, paths.status);
    if (typeof word !== "string" && typeof word !== "number")
      return unreadable(`has no status at "${fields.status}"`);
    const heartbeat = readTime(at(document, paths.heartbeat_at), zone);
    return {
      state: "value",
      word: String(word),
      status: words.statusOf(String(word)),
      result: at(document, paths.result) ?? undefined,
      lock:
        heartbeat === null ? undefined : Date.now() - Date.parse(heartbeat) < heartbeatMs ? "held" : "gone",
    };
  };
  return {
    summaries(text) {
      const document = parseObject(text);
      return document === null ? unreadable("is not a JSON object") : see(document);
    },
    read(text) {
      const document = parseObject(text);
      if (document === null) return unreadable("is not a JSON object");
      const summaries = see(document);
      if (summaries.state === "unknown") return summaries;
      const time = (field: keyof JsonFields) => readTime(at(document, paths[field]), zone);
      const attempt = at(document, paths.attempt);
      return {
        ...summaries,
        createdAt: time("created_at"),
        startedAt: time("started_at"),
        finishedAt: time("finished_at"),
        updatedAt: time("updated_at"),
        resultJson: isBare(document) ? text.trim() : presentText(text, paths.result),
        errorJson: presentText(text, paths.error),
        attempt: typeof attempt === "number" ? attempt : null,
      };
    },
  };
}

function pathsOf(fields: JsonFields) {
  const path = (name: string): readonly string[] => name.split(".");
  return {
    status: path(fields.status),
    result: path(fields.result),
    error: path(fields.error),
    attempt: path(fields.attempt),
    created_at: path(fields.created_at),
    started_at: path(fields.started_at),
    finished_at: path(fields.finished_at),
    updated_at: path(fields.updated_at),
    heartbeat_at: path(fields.heartbeat_at),
  };
}

function presentText(text: string, path: readonly string[]): string | undefined {
  const member = memberText(text, path);
  return member === "null" || member === '""' ? undefined : member;
}

function parseObject(text: string): object | null {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null && !Array.isArray(document) ? document : null;
  } catch {
    // The caller reports this value as unreadable, and the check continues.
    return null;
  }
}

function at(document: object, path: readonly string[]): unknown {
  let value: unknown = document;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

function unreadable(why: string): Unknown {
  return { state: "unknown", of: "value", why };
}
