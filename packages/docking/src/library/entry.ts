import type { LibraryEntry } from "lockstep/internal/workload";

/** A line's own words for what it is called, made into a name; a number when it says nothing. */
export function compoundName(text: string, number: number): string {
  const name = [...text.replace(/\p{C}/gu, " ").trim()].slice(0, 100).join("").trim();
  return name === "" ? `compound-${number}` : name;
}

export function smilesEntry(line: number, smiles: string, name: string): LibraryEntry {
  return { line, input: { smiles, ligand_name: name } };
}
