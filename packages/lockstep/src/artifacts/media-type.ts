import { TextDecoder } from "node:util";

/** How many of a file's first bytes `sniffMediaType` examines. */
export const HEAD_BYTES_MAX = 65_536;

interface Signature {
  readonly mediaType: string;
  readonly offset: number;
  readonly bytes: Buffer;
}

const SIGNATURES: readonly Signature[] = [
  { mediaType: "application/zip", offset: 0, bytes: Buffer.from([0x50, 0x4b, 0x03, 0x04]) },
  { mediaType: "application/zip", offset: 0, bytes: Buffer.from([0x50, 0x4b, 0x05, 0x06]) }, // without entries
  { mediaType: "application/gzip", offset: 0, bytes: Buffer.from([0x1f, 0x8b]) },
  { mediaType: "application/x-tar", offset: 257, bytes: Buffer.from("ustar") },
  { mediaType: "application/pdf", offset: 0, bytes: Buffer.from("%PDF-") },
  { mediaType: "image/png", offset: 0, bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary from text
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f]/;

/**
 * Detects a file's media type from its content.
 * @param head the first bytes, at most HEAD_BYTES_MAX
 * @param totalBytes the size of the whole file
 */
export function sniffMediaType(head: Uint8Array, totalBytes: number): string {
  const view = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  for (const { mediaType, offset, bytes } of SIGNATURES) {
    if (view.subarray(offset, offset + bytes.length).equals(bytes)) return mediaType;
  }
  const text = decodeText(view, view.length < totalBytes);
  if (text === null) return "application/octet-stream";
  return isJson(text, view.length < totalBytes) ? "application/json" : "text/plain; charset=utf-8";
}

function decodeText(bytes: Uint8Array, truncated: boolean): string | null {
  try {
    // With `stream`, a character cut in two by the end of the head is not an error.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: truncated });
    return CONTROL.test(text) ? null : text;
  } catch {
    return null; // Not UTF-8 is an answer, not an error.
  }
}

/**
 * Text that is too long to parse counts as JSON when it begins like an object with a key, or like
 * an array of values.
 */
function isJson(text: string, truncated: boolean): boolean {
  const trimmed = text.trim();
  if (truncated) return /^(\{\s*"|\[\s*[[{"\d-])/.test(trimmed);
  if (!/^[[{]/.test(trimmed)) return false;
  try {
    JSON.parse(trimmed);
    return true;
  } catch {
    return false; // Not JSON is an answer, not an error.
  }
}
