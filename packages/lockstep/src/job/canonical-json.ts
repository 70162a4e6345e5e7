import { pointerOf } from "./json-pointer.js";
import { issueOfObject, safeText, unboxed } from "./json-values.js";

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
 * members and holes of arrays, functions, depth over 100, too many bytes. It also refuses objects
 * of which JSON would keep nothing or something else, such as a Map, an Error, an invalid Date or
 * a typed array. As in JSON.stringify, members that are undefined or have a symbol as key are left
 * out, `toJSON` is called once, and -0 becomes 0. Never throws, whatever the value does.
 */
export function canonicalJson(value: unknown, bytesMax = JSON_BYTES_MAX): Canonical {
  const writer: Writer = { issue: null, ancestors: new Set(), path: [], chars: 0, bytesMax };
  let text: string;
  try {
    text = write(value, writer);
  } catch (error) {
    // Code of the value itself threw: a getter, `toJSON`, or a trap of a proxy.
    return { ok: false, issue: issueAt(writer, `cannot be read: ${safeText(error)}`) };
  }
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
  /**
   * A lower bound of the characters so far. Without it, an object that is shared on every level
   * would be written 2^100 times before its size is known.
   */
  chars: number;
  readonly bytesMax: number;
}

function issueAt(writer: Writer, message: string): JsonIssue {
  return { pointer: pointerOf(writer.path), message };
}

function fail(writer: Writer, message: string): string {
  writer.issue ??= issueAt(writer, message);
  return "null";
}

/** @returns whether the value is still within the limit with these characters */
function fits(chars: number, writer: Writer): boolean {
  writer.chars += chars;
  if (writer.chars <= writer.bytesMax) return true;
  writer.issue ??= { pointer: "", message: `is over the limit of ${writer.bytesMax} bytes as JSON` };
  return false;
}

function write(value: unknown, writer: Writer): string {
  if (writer.issue) return "null";
  const depth = writer.path.length;
  if (depth > JSON_DEPTH_MAX) return fail(writer, `is nested deeper than ${JSON_DEPTH_MAX}`);
  switch (typeof value) {
    case "string":
      return writeText(value, writer);
    case "number":
      if (!fits(1, writer)) return "null";
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
  if (!fits(text.length + 2, writer)) return "null";
  if (text.includes("\u0000")) return fail(writer, "holds a NUL character");
  if (LONE_SURROGATE.test(text)) return fail(writer, "holds a lone surrogate");
  return JSON.stringify(text);
}

function writeObject(value: object, writer: Writer): string {
  if (!fits(2, writer)) return "null";
  if (writer.ancestors.has(value)) return fail(writer, "refers to itself");
  const issue = issueOfObject(value);
  if (issue !== null) return fail(writer, issue);
  writer.ancestors.add(value);
  const { toJSON } = value as { toJSON?: unknown };
  const text =
    typeof toJSON === "function"
      ? writeReplaced(value, toJSON as () => unknown, writer)
      : writeParts(value, writer);
  writer.ancestors.delete(value);
  return text;
}

/** As JSON.stringify does, it does not call the toJSON of what toJSON returned. */
function writeReplaced(value: object, toJSON: () => unknown, writer: Writer): string {
  const replaced: unknown = Reflect.apply(toJSON, value, [String(writer.path.at(-1) ?? "")]);
  if (replaced === undefined) return fail(writer, "has a toJSON that returns undefined");
  if (typeof replaced !== "object" || replaced === null) return write(replaced, writer);
  if (replaced === value) return writeParts(value, writer);
  if (writer.ancestors.has(replaced)) return fail(writer, "refers to itself");
  const issue = issueOfObject(replaced);
  if (issue !== null) return fail(writer, issue);
  writer.ancestors.add(replaced);
  const text = writeParts(replaced, writer);
  writer.ancestors.delete(replaced);
  return text;
}

function writeParts(value: object, writer: Writer): string {
  const primitive = unboxed(value);
  if (primitive !== null) return write(primitive.value, writer);
  return Array.isArray(value)
    ? `[${writeItems(value, writer)}]`
    : `{${writeMembers(value as Record<string, unknown>, writer)}}`;
}

function writeItems(items: readonly unknown[], writer: Writer): string {
  const texts: string[] = [];
  const { length } = items;
  for (let index = 0; index < length && writer.issue === null; index += 1) {
    writer.path.push(index);
    const item = items[index];
    const isHole = item === undefined && !Object.hasOwn(items, index);
    texts.push(isHole ? fail(writer, "is a hole in a sparse array") : write(item, writer));
    writer.path.pop();
  }
  return texts.join(",");
}

function writeMembers(value: Record<string, unknown>, writer: Writer): string {
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    if (writer.issue) break;
    writer.path.push(key);
    const member = value[key]; // Read once: a getter may return something else the next time.
    if (member !== undefined) members.push(`${writeText(key, writer)}:${write(member, writer)}`);
    writer.path.pop();
  }
  return members.join(",");
}
