import { inspect } from "node:util";
import type { AttemptError } from "../job/index.js";

const MESSAGE_BYTES_MAX = 8_192;
const STACK_BYTES_MAX = 16_384;
const NAME_BYTES_MAX = 200;
const CAUSES_MAX = 3;

/**
 * What the ledger keeps of a thrown value: bounded, and in characters PostgreSQL can hold. It never throws, whatever
 * was thrown.
 */
export function attemptError(thrown: unknown): AttemptError {
  try {
    if (thrown instanceof Error) return ofError(thrown);
    return {
      name: "NonError",
      message: storableText(describe(thrown), MESSAGE_BYTES_MAX),
      code: null,
      stack: null,
    };
  } catch {
    return {
      name: "UnreadableError",
      message: "The thrown value could not be read.",
      code: null,
      stack: null,
    };
  }
}

function ofError(error: Error): AttemptError {
  return {
    name: storableText(String(error.name || "Error"), NAME_BYTES_MAX),
    message: storableText(String(error.message), MESSAGE_BYTES_MAX),
    code: codeOf(error),
    stack: storableText(stackOf(error), STACK_BYTES_MAX),
  };
}

function codeOf(error: Error): string | null {
  const code: unknown = (error as { code?: unknown }).code;
  return typeof code === "string" || typeof code === "number"
    ? storableText(String(code), NAME_BYTES_MAX)
    : null;
}

function stackOf(error: Error): string {
  const parts = [String(error.stack ?? "")];
  let cause: unknown = error.cause;
  for (let depth = 0; depth < CAUSES_MAX && cause !== undefined; depth += 1) {
    parts.push(`caused by: ${cause instanceof Error ? (cause.stack ?? cause.message) : describe(cause)}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return parts.join("\n");
}

function describe(thrown: unknown): string {
  return typeof thrown === "string"
    ? thrown
    : inspect(thrown, { depth: 3, maxStringLength: MESSAGE_BYTES_MAX });
}

/**
 * A text PostgreSQL can hold: NUL and lone surrogates become U+FFFD, and what is over the limit is cut between two
 * characters.
 * @param bytesMax of UTF-8
 */
export function storableText(text: string, bytesMax: number): string {
  // A UTF-16 unit is at least one byte, so what lies beyond is cut before the costly part. The spare unit keeps
  // a pair whole.
  const bytes = Buffer.from(text.slice(0, bytesMax + 1).replaceAll("\0", "\uFFFD"), "utf8");
  if (bytes.length <= bytesMax) return bytes.toString("utf8");
  let end = bytesMax;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}
