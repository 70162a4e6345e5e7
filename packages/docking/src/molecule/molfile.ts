import type { Point } from "./point.js";

export interface MolAtom extends Point {
  readonly element: string;
  /** The rest of the line after the coordinates. */
  readonly rest: string;
}

/**
 * A structure of an SDF file (V2000, CTfile formats): atoms with coordinates, bonds with orders.
 */
export interface Molecule {
  readonly name: string;
  readonly atoms: readonly MolAtom[];
  /** Pairs of indexes in `atoms`, from 0. */
  readonly bonds: readonly (readonly [number, number])[];
  /** From the line after the last atom to `M  END`, unchanged. */
  readonly tail: readonly string[];
  /** The original text, before the atoms were moved. */
  readonly countsLine: string;
}

const ATOMS_MAX = 999;

/** Reads the first structure. @returns null when it is invalid or has no atoms */
export function readMolecule(sdf: string): Molecule | null {
  const lines = sdf.split(/\r?\n/);
  const countsLine = lines[3] ?? "";
  const [atomCount, bondCount] = [Number(countsLine.slice(0, 3)), Number(countsLine.slice(3, 6))];
  if (!countsLine.includes("V2000") || !isCount(atomCount) || !(bondCount >= 0)) return null;
  const atoms = lines.slice(4, 4 + atomCount).map(readAtom);
  const end = lines.indexOf("M  END");
  if (end < 4 + atomCount + bondCount || atoms.some((atom) => atom === null)) return null;
  const tail = lines.slice(4 + atomCount, end + 1);
  const bonds = tail
    .slice(0, bondCount)
    .map((line) => [Number(line.slice(0, 3)) - 1, Number(line.slice(3, 6)) - 1] as const);
  return {
    name: (lines[0] ?? "").trim(),
    atoms: atoms.filter((atom) => atom !== null),
    bonds,
    tail,
    countsLine,
  };
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count > 0 && count <= ATOMS_MAX;
}

function readAtom(line: string): MolAtom | null {
  const [x, y, z] = [line.slice(0, 10), line.slice(10, 20), line.slice(20, 30)].map(Number);
  const element = line.slice(31, 34).trim();
  if (x === undefined || y === undefined || z === undefined || element === "") return null;
  return [x, y, z].every(Number.isFinite) ? { x, y, z, element, rest: line.slice(30) } : null;
}

/** Writes a structure with its atoms at new positions; bonds, charges and everything else stay. */
export function writeMolecule(
  molecule: Molecule,
  places: readonly Point[],
  { name, data }: { readonly name: string; readonly data: Readonly<Record<string, string>> },
): string {
  const atoms = molecule.atoms.map((atom, index) => {
    const { x, y, z } = places[index] ?? atom;
    return `${[x, y, z].map((value) => value.toFixed(4).padStart(10)).join("")}${atom.rest}`;
  });
  const fields = Object.entries(data).flatMap(([field, value]) => [`>  <${field}>`, value, ""]);
  return [
    name,
    "  Lockstep          3D",
    "",
    molecule.countsLine,
    ...atoms,
    ...molecule.tail,
    ...fields,
    "$$$$",
    "",
  ].join("\n");
}
