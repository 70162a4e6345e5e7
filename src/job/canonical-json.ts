const JSON_BYTES_MAX = 1_048_576;
export const OUTPUT_BYTES_MAX = 8_388_608;
export const JSON_DEPTH_MAX = 100;

/** A value PostgreSQL's jsonb cannot hold unchanged, and where in it the fault is (RFC 6901 pointer). */
export interface JsonFault {
  readonly pointer: string;
  readonly message: string;
}

export type Canonical =
  | { readonly ok: true; readonly text: string; readonly bytes: number }
  | { readonly ok: false; readonly fault: JsonFault };

// A lone surrogate is a UTF-16 unit that pairs with nothing: UTF-8, and so PostgreSQL, cannot hold it.
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * Writes a value as JSON with sorted keys, so that equal values give equal text, and refuses what
 * PostgreSQL would refuse or silently change: NUL, lone surrogates, NaN, Infinity, undefined members of
 * arrays, functions, depth over 100, too many bytes.
 */
export function canonicalJson(value: unknown, bytesMax = JSON_BYTES_MAX): Canonical {
  const writer: Writer = { fault: null, ancestors: new Set() };
  const text = write(value, "", 0, writer);
  if (writer.fault) return { ok: false, fault: writer.fault };
  const bytes = Buffer.byteLength(text);
  if (bytes > bytesMax) {
    return {
      ok: false,
      fault: { pointer: "", message: `is ${bytes} bytes as JSON, over the limit of ${bytesMax}` },
    };
  }
  return { ok: true, text, bytes };
}

interface Writer {
  fault: JsonFault | null;
  readonly ancestors: Set<object>;
}

function refuse(writer: Writer, pointer: string, message: string): string {
  writer.fault ??= { pointer, message };
  return "null";
}

function write(value: unknown, pointer: string, depth: number, writer: Writer): string {
  if (writer.fault) return "null";
  if (depth > JSON_DEPTH_MAX) return refuse(writer, pointer, `is nested deeper than ${JSON_DEPTH_MAX}`);
  switch (typeof value) {
    case "string":
      return writeText(value, pointer, writer);
    case "number":
      return Number.isFinite(value)
        ? JSON.stringify(value)
        : refuse(writer, pointer, `is ${value}, which JSON has no word for`);
    case "boolean":
      return value ? "true" : "false";
    case "undefined":
      return depth === 0 ? "null" : refuse(writer, pointer, "is undefined");
    case "object":
      return value === null ? "null" : writeObject(value, pointer, depth, writer);
    default:
      return refuse(writer, pointer, `is a ${typeof value}, which JSON cannot hold`);
  }
}

function writeText(text: string, pointer: string, writer: Writer): string {
  if (text.includes("\u0000")) return refuse(writer, pointer, "holds a NUL character");
  if (LONE_SURROGATE.test(text)) return refuse(writer, pointer, "holds a lone surrogate");
  return JSON.stringify(text);
}

function writeObject(value: object, pointer: string, depth: number, writer: Writer): string {
  if (writer.ancestors.has(value)) return refuse(writer, pointer, "refers to itself");
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return write(value.toJSON(), pointer, depth, writer);
  }
  writer.ancestors.add(value);
  const text = Array.isArray(value)
    ? `[${value.map((item, index) => write(item, `${pointer}/${index}`, depth + 1, writer)).join(",")}]`
    : `{${writeMembers(value as Record<string, unknown>, pointer, depth, writer)}}`;
  writer.ancestors.delete(value);
  return text;
}

function writeMembers(
  value: Record<string, unknown>,
  pointer: string,
  depth: number,
  writer: Writer,
): string {
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    if (value[key] === undefined) continue;
    const place = `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    members.push(`${writeText(key, place, writer)}:${write(value[key], place, depth + 1, writer)}`);
  }
  return members.join(",");
}
