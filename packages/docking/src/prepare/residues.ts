import type { PdbAtom } from "../molecule/pdb.js";

/** The atoms of a file with the same name, chain and number. */
export interface Residue {
  readonly name: string;
  readonly chain: string;
  readonly number: string;
  /** Such as `STI:A:202`; without a chain `478:200`. */
  readonly label: string;
  readonly atoms: readonly PdbAtom[];
}

export interface SortedResidues {
  /** Chains, and metal ions. */
  readonly own: readonly Residue[];
  /** Ligands, cofactors, crystallisation agents. */
  readonly others: readonly Residue[];
  readonly waters: number;
  /** Atoms left out because another position of the same atom was used. */
  readonly alternatives: number;
}

const WATER = new Set(["HOH", "WAT", "DOD", "H2O", "TIP", "SOL", "TP3"]);
const METALS = new Set(["MG", "ZN", "CA", "MN", "FE", "CU", "NA", "K", "CO", "NI", "CD", "HG"]);
const BACKBONE = ["N", "CA", "C"];

/** Sorts the contents of a crystal structure. */
export function sortResidues(atoms: readonly PdbAtom[]): SortedResidues {
  const { taken, alternatives } = firstPlaces(atoms);
  const residues = group(taken);
  const waters = residues.filter((residue) => WATER.has(residue.name));
  const rest = residues.filter((residue) => !WATER.has(residue.name));
  return {
    own: rest.filter(belongs),
    others: rest.filter((residue) => !belongs(residue)),
    waters: waters.length,
    alternatives,
  };
}

/** Of an atom with several positions, the first is used. */
function firstPlaces(atoms: readonly PdbAtom[]): { taken: PdbAtom[]; alternatives: number } {
  const letters = new Map<string, string>();
  const taken = atoms.filter((atom) => {
    if (atom.altLoc === "") return true;
    const key = `${atom.chain} ${atom.number} ${atom.name}`;
    const letter = letters.get(key);
    if (letter === undefined) letters.set(key, atom.altLoc);
    return letter === undefined;
  });
  return { taken, alternatives: atoms.length - taken.length };
}

function group(atoms: readonly PdbAtom[]): Residue[] {
  const groups = new Map<string, PdbAtom[]>();
  for (const atom of atoms) {
    const key = [atom.residue, atom.chain, atom.number].join(":");
    const known = groups.get(key);
    if (known) known.push(atom);
    else groups.set(key, [atom]);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const { residue: name, chain, number } = first;
    const label = [name, chain, number].filter((part) => part !== "").join(":");
    return [{ name, chain, number, label, atoms: members }];
  });
}

/** A modified amino acid is written as HETATM, but is part of its chain. */
function belongs({ atoms }: Residue): boolean {
  if (atoms.some((atom) => atom.record === "ATOM")) return true;
  const names = atoms.map((atom) => atom.name);
  if (BACKBONE.every((name) => names.includes(name))) return true;
  return atoms.every((atom) => METALS.has(atom.element)) && atoms.length === 1;
}

/** Whether a text such as `478`, `STI:A` or `STI:A:202` names this residue. */
export function isNamed(residue: Residue, text: string): boolean {
  const [name, ...where] = text.toUpperCase().split(":");
  const parts = [residue.chain, residue.number].map((part) => part.toUpperCase());
  return residue.name.toUpperCase() === name && where.every((part) => parts.includes(part));
}
