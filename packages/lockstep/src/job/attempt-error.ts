import { inspect, types } from "node:util";
import type { AttemptError } from "./outcome.js";

const MESSAGE_BYTES_MAX = 8_192;
const STACK_BYTES_MAX = 16_384;
const NAME_BYTES_MAX = 200;
const CAUSES_MAX = 3;
const ERRORS_MAX = 5;

/**
 * Describes a thrown value for the ledger: bounded, and in characters that PostgreSQL can store. It
 * never throws, whatever the value is: what cannot be read is left out.
 */
export function attemptError(thrown: unknown): AttemptError {
  if (isError(thrown)) return ofError(thrown);
  const message = read(() => describe(thrown));
  return {
    name: message === null ? "UnreadableError" : "NonError",
    message: storableText(message ?? "The thrown value could not be read.", MESSAGE_BYTES_MAX),
    code: null,
    stack: null,
  };
}

function ofError(error: Error): AttemptError {
  const name = read(() => String(error.name || "Error"));
  const message = read(() => String(error.message));
  const code = read(() => codeOf(error));
  const stack = read(() => stackOf(error));
  return {
    name: storableText(name ?? "UnreadableError", NAME_BYTES_MAX),
    message: storableText(message ?? "The message of the thrown error could not be read.", MESSAGE_BYTES_MAX),
    code: code === null ? null : storableText(code, NAME_BYTES_MAX),
    stack: stack === null ? null : storableText(stack, STACK_BYTES_MAX),
  };
}

/** Reads a part of a value whose own code may throw; null when it does. */
function read(part: () => string | null): string | null {
  try {
    return part();
  } catch {
    return null;
  }
}

function isError(value: unknown): value is Error {
  try {
    return types.isNativeError(value) || value instanceof Error; // The first also knows those of other realms.
  } catch {
    return false;
  }
}

function codeOf(error: Error): string | null {
  const code: unknown = (error as { code?: unknown }).code;
  return typeof code === "string" || typeof code === "number" ? String(code) : null;
}

/** The stack, the errors of an AggregateError, and the causes; a cycle ends with the limit. */
function stackOf(error: Error): string {
  const parts = [stackText(error)];
  const errors: unknown = (error as { errors?: unknown }).errors;
  if (Array.isArray(errors)) {
    for (const each of errors.slice(0, ERRORS_MAX)) parts.push(`with: ${stackText(each)}`);
    if (errors.length > ERRORS_MAX) parts.push(`with ${errors.length - ERRORS_MAX} more errors`);
  }
  let cause: unknown = error.cause;
  for (let depth = 0; depth < CAUSES_MAX && cause !== undefined; depth += 1) {
    parts.push(`caused by: ${stackText(cause)}`);
    cause = isError(cause) ? cause.cause : undefined;
  }
  return parts.join("\n");
}

function stackText(value: unknown): string {
  const text = read(() => (isError(value) ? String(value.stack ?? value.message) : describe(value)));
  return (text ?? "an error that cannot be read").slice(0, STACK_BYTES_MAX);
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
