import type { LibraryEntry, LibraryLines } from "lockstep/internal/workload";
import { compoundName, smilesEntry } from "./entry.js";

/**
 * One molecule per line: a SMILES text, a space or tab, and a name. Lines with # and empty lines
 * are skipped.
 */
export function splitSmi(text: string): LibraryLines {
  const entries: LibraryEntry[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, smiles = "", name = ""] = /^\s*(\S+)\s*(.*)$/.exec(line) ?? [];
    if (smiles === "" || smiles.startsWith("#")) continue;
    if (entries.length === 0 && /^(canonical_|isomeric_)?smiles$/i.test(smiles)) continue;
    entries.push(smilesEntry(index + 1, smiles, compoundName(name, entries.length + 1)));
  }
  return { entries, issues: [] };
}
