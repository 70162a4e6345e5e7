import type { MolAtom, Molecule } from "./molfile.js";
import type { PdbqtAtom } from "./pdbqt.js";
import { cross, distance, dot, length, minus, type Point, plus, scaled } from "./point.js";

/** Maximum difference between equal coordinates: PDBQT has three decimals, SDF has four. */
const SAME_PLACE = 0.01;
/** Sine of the smallest angle that still defines a direction. */
const STRAIGHT = 0.1;

/**
 * Maps each atom of a PDBQT file to its atom in the structure: both have the same coordinates in a
 * different order.
 * @returns for each PDBQT atom its index in the structure, or null when an atom has no match
 */
export function matchAtoms(molecule: Molecule, pdbqt: readonly PdbqtAtom[]): number[] | null {
  const taken = new Set<number>();
  const match = pdbqt.map((atom) => {
    const index = molecule.atoms.findIndex(
      (candidate, at) => !taken.has(at) && distance(candidate, atom) < SAME_PLACE,
    );
    taken.add(index);
    return index;
  });
  return match.includes(-1) ? null : match;
}

/**
 * Computes the positions of all atoms of a structure in a pose. A pose has only the atoms of the
 * PDBQT, which omits the hydrogens at carbon: each of them moves together with the atom it is bound
 * to and the next two atoms, because docking rotates whole groups about bonds.
 */
export function placeAll(molecule: Molecule, match: readonly number[], pose: readonly PdbqtAtom[]): Point[] {
  const placed = new Map<number, Point>();
  match.forEach((index, at) => {
    const atom = pose[at];
    if (atom) placed.set(index, atom);
  });
  const neighbours = neighboursOf(molecule);
  return molecule.atoms.map(
    (atom, index) => placed.get(index) ?? follow({ molecule, neighbours, placed }, atom, index),
  );
}

interface Placing {
  readonly molecule: Molecule;
  readonly neighbours: readonly (readonly number[])[];
  readonly placed: ReadonlyMap<number, Point>;
}

function neighboursOf({ atoms, bonds }: Molecule): number[][] {
  const neighbours: number[][] = atoms.map(() => []);
  for (const [a, b] of bonds) {
    neighbours[a]?.push(b);
    neighbours[b]?.push(a);
  }
  return neighbours;
}

/** Moves an atom along with the frame of three placed atoms near it. */
function follow({ molecule, neighbours, placed }: Placing, atom: MolAtom, index: number): Point {
  const at = (position: number): Point | undefined => molecule.atoms[position];
  const origin = neighbours[index]?.find((position) => placed.has(position));
  if (origin === undefined) return atom;
  const near = (neighbours[origin] ?? []).filter((position) => placed.has(position));
  const next = near.flatMap((position) => neighbours[position] ?? []);
  const reachable = [...new Set([...near, ...next])].filter(
    (position) => placed.has(position) && position !== origin,
  );
  const [first] = reachable;
  const from = at(origin);
  const to = placed.get(origin);
  if (from === undefined || to === undefined) return atom;
  if (first === undefined) return plus(to, minus(atom, from));
  for (const second of reachable.slice(1)) {
    const before = frame(from, at(first), at(second));
    const after = frame(to, placed.get(first), placed.get(second));
    if (!before || !after) continue;
    const offset = minus(atom, from);
    return before.reduce((point, axis, n) => plus(point, scaled(after[n] ?? axis, dot(offset, axis))), to);
  }
  return onTheLine(atom, from, to, placed.get(first) ?? to);
}

/** Three orthogonal axes, from three points that are not on one straight line. */
function frame(origin: Point, a: Point | undefined, b: Point | undefined): readonly Point[] | null {
  if (a === undefined || b === undefined) return null;
  const one = minus(a, origin);
  const up = cross(one, minus(b, origin));
  if (length(up) < STRAIGHT * length(one) * distance(b, origin)) return null;
  const x = scaled(one, 1 / length(one));
  const z = scaled(up, 1 / length(up));
  return [x, cross(z, x), z];
}

/** At the end of a straight chain, as in an alkyne, an atom continues straight. */
function onTheLine(atom: Point, from: Point, to: Point, neighbour: Point): Point {
  const away = minus(to, neighbour);
  return plus(to, scaled(away, distance(atom, from) / (length(away) || 1)));
}
