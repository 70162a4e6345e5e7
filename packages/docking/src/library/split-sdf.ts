import type { LibraryEntry, LibraryLines } from "lockstep/internal/workload";
import { readMolecule } from "../molecule/molfile.js";
import { compoundName } from "./entry.js";

const END = Buffer.from("$$$$");
const NEWLINE = 0x0a;

/**
 * The structures of an SDF file. Each job stores only the byte range of its structure, so that ten
 * thousand inputs do not contain ten thousand structures.
 */
export function splitSdf(content: Uint8Array, fileId: string): LibraryLines {
  const file = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const entries: LibraryEntry[] = [];
  const issues: { line: number; detail: string }[] = [];
  let line = 1;
  for (const { start, end } of structures(file)) {
    const text = file.toString("utf8", start, end);
    const number = entries.length + issues.length + 1;
    if (text.trim() !== "") {
      const issue = issueOf(text);
      const name = compoundName(text.split(/\r?\n/, 1)[0] ?? "", number);
      if (issue !== null) issues.push({ line, detail: issue });
      else
        entries.push({
          line,
          input: { ligand: fileId, ligand_part: { start, end: end - 1 }, ligand_name: name },
        });
    }
    line += text.split("\n").length - 1;
  }
  return { entries, issues };
}

/** From the first byte of each structure to the byte after its line of dollar signs. */
function* structures(file: Buffer): Generator<{ readonly start: number; readonly end: number }> {
  for (let start = 0, from = 0; start < file.length; ) {
    const at = file.indexOf(END, from);
    const isLine = at === start || file[at - 1] === NEWLINE;
    const newline = at === -1 ? -1 : file.indexOf(NEWLINE, at);
    const end = newline === -1 ? file.length : newline + 1;
    from = end;
    if (at !== -1 && !isLine) continue;
    yield { start, end };
    start = end;
  }
}

function issueOf(text: string): string | null {
  const counts = text.split(/\r?\n/, 4)[3] ?? "";
  if (/V3000\s*$/.test(counts)) return null;
  if (!/V2000\s*$/.test(counts)) return "is no structure: its fourth line does not end in V2000 or V3000";
  return readMolecule(text) === null ? "is no structure: its atoms or bonds cannot be read" : null;
}
