import { isPdbqt } from "../molecule/pdb.js";

export type LigandFormat = "pdbqt" | "sdf" | "mol2" | "pdb" | "smi";

/** The format of a ligand file, by its content: file names prove nothing. */
export function ligandFormat(text: string): LigandFormat | null {
  if (/^ROOT\s*$/m.test(text) || isPdbqt(text)) return "pdbqt";
  if (text.includes("@<TRIPOS>MOLECULE")) return "mol2";
  if (/^M {2}END/m.test(text) || /V[23]000\s*$/m.test(text.slice(0, 1_000))) return "sdf";
  if (/^(ATOM {2}|HETATM)/m.test(text)) return "pdb";
  return /^\s*[^\s#]+([ \t].*)?$/m.test(text.slice(0, 10_000)) && !text.includes("\0") ? "smi" : null;
}

/** The number of molecules in a file, where its format shows it. */
export function moleculeCount(text: string, format: LigandFormat): number {
  switch (format) {
    case "sdf":
      return Math.max(1, text.match(/^\$\$\$\$/gm)?.length ?? 0);
    case "mol2":
      return text.match(/@<TRIPOS>MOLECULE/g)?.length ?? 1;
    case "smi":
      return text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#")).length;
    case "pdb":
    case "pdbqt":
      return Math.max(1, text.match(/^MODEL /gm)?.length ?? 0);
  }
}
