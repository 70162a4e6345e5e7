import { pointerOf } from "./json-pointer.js";

const JSON_BYTES_MAX = 1_048_576;
export const OUTPUT_BYTES_MAX = 8_388_608;
export const JSON_DEPTH_MAX = 100;

/**
 * A value that PostgreSQL's jsonb cannot store unchanged, and the position of the fault in it (RFC
 * 6901 pointer).
 */
export interface JsonIssue {
  readonly pointer: string;
  readonly message: string;
}

export type Canonical =
  | { readonly ok: true; readonly text: string; readonly bytes: number }
  | { readonly ok: false; readonly issue: JsonIssue };

// A lone surrogate is a UTF-16 unit without its pair: UTF-8, and so PostgreSQL, cannot store it.
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * Writes a value as JSON with sorted keys, so that equal values give equal text. It refuses what
 * PostgreSQL would refuse or silently change: NUL, lone surrogates, NaN, Infinity, undefined
 * members of arrays, functions, depth over 100, too many bytes.
 */
export function canonicalJson(value: unknown, bytesMax = JSON_BYTES_MAX): Canonical {
  const writer: Writer = { issue: null, ancestors: new Set(), path: [] };
  const text = write(value, writer);
  if (writer.issue) return { ok: false, issue: writer.issue };
  const bytes = Buffer.byteLength(text);
  if (bytes > bytesMax) {
    return {
      ok: false,
      issue: { pointer: "", message: `is ${bytes} bytes as JSON, over the limit of ${bytesMax}` },
    };
  }
  return { ok: true, text, bytes };
}

interface Writer {
  issue: JsonIssue | null;
  readonly ancestors: Set<object>;
  /** The members and indexes that lead to the value being written. */
  readonly path: (string | number)[];
}

function fail(writer: Writer, message: string): string {
  writer.issue ??= { pointer: pointerOf(writer.path), message };
  return "null";
}

function write(value: unknown, writer: Writer): string {
  if (writer.issue) return "null";
  const depth = writer.path.length;
  if (depth > JSON_DEPTH_MAX) return fail(writer, `is nested deeper than ${JSON_DEPTH_MAX}`);
  switch (typeof value) {
    case "string":
      return writeText(value, writer);
    case "number":
      return Number.isFinite(value)
        ? JSON.stringify(value)
        : fail(writer, `is ${value}, which JSON cannot represent`);
    case "boolean":
      return value ? "true" : "false";
    case "undefined":
      return depth === 0 ? "null" : fail(writer, "is undefined");
    case "object":
      return value === null ? "null" : writeObject(value, writer);
    default:
      return fail(writer, `is a ${typeof value}, which JSON cannot hold`);
  }
}

function writeText(text: string, writer: Writer): string {
  if (text.includes("\u0000")) return fail(writer, "holds a NUL character");
  if (LONE_SURROGATE.test(text)) return fail(writer, "holds a lone surrogate");
  return JSON.stringify(text);
}

function writeObject(value: object, writer: Writer): string {
  if (writer.ancestors.has(value)) return fail(writer, "refers to itself");
  if ("toJSON" in value && typeof value.toJSON === "function") return write(value.toJSON(), writer);
  writer.ancestors.add(value);
  const text = Array.isArray(value)
    ? `[${value.map((item, index) => writeAt(index, item, writer)).join(",")}]`
    : `{${writeMembers(value as Record<string, unknown>, writer)}}`;
  writer.ancestors.delete(value);
  return text;
}

function writeAt(step: string | number, value: unknown, writer: Writer): string {
  writer.path.push(step);
  const text = write(value, writer);
  writer.path.pop();
  return text;
}

function writeMembers(value: Record<string, unknown>, writer: Writer): string {
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    if (value[key] === undefined) continue;
    writer.path.push(key);
    members.push(`${writeText(key, writer)}:${write(value[key], writer)}`);
    writer.path.pop();
  }
  return members.join(",");
}
