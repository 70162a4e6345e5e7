import { inspect } from "node:util";
import type { AttemptError } from "../job/index.js";

const MESSAGE_BYTES_MAX = 8_192;
const STACK_BYTES_MAX = 16_384;
const NAME_BYTES_MAX = 200;
const CAUSES_MAX = 3;

/**
 * Describes a thrown value for the ledger: bounded, and in characters that PostgreSQL can store. It
 * never throws, whatever the value is.
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
 * Makes a text storable in PostgreSQL: replaces NUL and lone surrogates with U+FFFD, and cuts a
 * text over the limit between two characters.
 * @param bytesMax UTF-8 bytes
 */
export function storableText(text: string, bytesMax: number): string {
  // A UTF-16 unit takes at least one byte, so we cut off what certainly exceeds the limit before
  // the expensive part. The extra unit keeps a surrogate pair whole.
  const bytes = Buffer.from(text.slice(0, bytesMax + 1).replaceAll("\0", "\uFFFD"), "utf8");
  if (bytes.length <= bytesMax) return bytes.toString("utf8");
  let end = bytesMax;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}
