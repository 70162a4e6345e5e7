import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { extname } from "node:path";
import { TextDecoder } from "node:util";
import type { SkipReason } from "../walk/tally.js";

const HEAD_BYTES = 8_192;
const LONG_LINE = 5_000;
const AVERAGE_LINE = 500;
const COMPILED = new Set([".js", ".mjs", ".cjs", ".css"]);

export type Content = { readonly text: string } | { readonly skip: SkipReason };

/**
 * Reads a file as text. It does not follow a symbolic link, and does not wait for a pipe or device
 * that replaced the file after it was listed.
 */
export async function readContent(path: string, bytesMax: number): Promise<Content> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => null,
  ); // Removed meanwhile, or no permission.
  if (file === null) return { skip: "unreadable" };
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return { skip: "special" };
    if (stat.size > bytesMax) return { skip: "too_large" };
    return toContent(await file.readFile(), path);
  } finally {
    await file.close();
  }
}

/** Decides from the bytes whether they are text that a person wrote. */
export function toContent(bytes: Buffer, path: string): Content {
  const text = decode(bytes);
  if (text === null) return { skip: "binary" };
  return COMPILED.has(extname(path).toLowerCase()) && isMinified(text) ? { skip: "minified" } : { text };
}

function decode(bytes: Buffer): string | null {
  // UTF-16 with a byte order mark is text too. If it counted as binary, a secret could hide in it.
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return new TextDecoder("utf-16le").decode(Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16());
  if (bytes.subarray(0, HEAD_BYTES).includes(0)) return null;
  return new TextDecoder("utf-8").decode(bytes);
}

function isMinified(text: string): boolean {
  const lines = text.split("\n");
  const code = lines.filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line) && line.length > 0);
  const length = code.reduce((sum, line) => sum + line.length, 0);
  return (
    code.some((line) => line.length > LONG_LINE) || (length > 2_000 && length / code.length > AVERAGE_LINE)
  );
}
