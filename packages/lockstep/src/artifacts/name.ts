import { LockstepError } from "../errors.js";
import { INTEGER_MAX, isId } from "../job/index.js";

export const NAME_BYTES_MAX = 200;

// Characters not allowed in a plain file name: separators, characters that Windows or a shell
// treats specially, control, format (such as bidirectional override), private or unassigned
// characters, and lone surrogates.
const FORBIDDEN = /[/\\:*?"<>|\p{C}]/u;
const FILE_ID = /^[0-9a-f]{64}$/;

/**
 * Whether a text is a plain file name: 1 to 200 UTF-8 bytes, no folder, no leading dot, no
 * invisible character.
 */
export function isPlainName(name: string): boolean {
  if (name.length === 0 || Buffer.byteLength(name) > NAME_BYTES_MAX) return false;
  if (name.startsWith(".") || name.endsWith(".") || name.trim() !== name) return false;
  return !FORBIDDEN.test(name);
}

/** Whether a text is an uploaded file's id: a SHA-256 in lower-case hexadecimal. */
export function isFileId(id: string): boolean {
  return FILE_ID.test(id);
}

/** @throws INVALID_INPUT */
export function requirePlainName(name: string): void {
  if (isPlainName(name)) return;
  const detail = `is not a plain file name (1 to ${NAME_BYTES_MAX} bytes, no folder, no leading dot)`;
  throw new LockstepError("INVALID_INPUT", `the name ${detail}`, { issues: [{ pointer: "/name", detail }] });
}

/** @throws INVALID_INPUT */
export function requireOwner(jobId: string, attempt: number): void {
  if (!isId(jobId)) throw new LockstepError("INVALID_INPUT", "the job id is not a UUID");
  if (!Number.isInteger(attempt) || attempt < 1 || attempt > INTEGER_MAX) {
    throw new LockstepError("INVALID_INPUT", "the attempt is not a positive integer");
  }
}
