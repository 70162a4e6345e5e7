import type { LibraryEntry } from "lockstep/internal/workload";

/** Turns the label of a line into a name; without a label, the name is a number. */
export function compoundName(text: string, number: number): string {
  const name = [...text.replace(/\p{C}/gu, " ").trim()].slice(0, 100).join("").trim();
  return name === "" ? `compound-${number}` : name;
}

export function smilesEntry(line: number, smiles: string, name: string): LibraryEntry {
  return { line, input: { smiles, ligand_name: name } };
}
