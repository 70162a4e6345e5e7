import { TextDecoder } from "node:util";
import type { LibraryLines } from "lockstep/internal/workload";
import { splitCsv } from "./split-csv.js";
import { splitSdf } from "./split-sdf.js";
import { splitSmi } from "./split-smi.js";

/** Splits a compound library into entries. The content decides its format. */
export function splitLibrary(content: Uint8Array, fileId: string): LibraryLines {
  if (isSdf(content)) return splitSdf(content, fileId);
  const text = decode(content);
  if (text === null) return { entries: [], issues: [{ line: 1, detail: "the file is not text" }] };
  return isTable(text) ? splitCsv(text) : splitSmi(text);
}

function isSdf(content: Uint8Array): boolean {
  const head = Buffer.from(content.buffer, content.byteOffset, Math.min(content.byteLength, 65_536));
  return /^(M {2}END|\$\$\$\$)/m.test(head.toString("latin1"));
}

function decode(content: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    return text.includes("\0") ? null : text;
  } catch {
    return null; // Not UTF-8: an expected result.
  }
}

/** SMILES has no commas, semicolons or quotes. */
function isTable(text: string): boolean {
  const first = text.split(/\r?\n/, 50).find((line) => line.trim() !== "" && !line.startsWith("#")) ?? "";
  return /[,;"]/.test(first) || (/^[^\t]*\t/.test(first) && /\bsmiles\b/i.test(first));
}
