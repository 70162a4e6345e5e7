import type { Point } from "./point.js";

/** An atom line of a PDB or PDBQT file (https://www.wwpdb.org/documentation/file-format). */
export interface PdbAtom extends Point {
  readonly record: "ATOM" | "HETATM";
  readonly name: string;
  readonly altLoc: string;
  readonly residue: string;
  readonly chain: string;
  /** Number and insertion code. */
  readonly number: string;
  /** Such as `C` or `ZN`, in capitals. */
  readonly element: string;
  readonly line: string;
}

/**
 * The atoms of a file's first model. Lines that are not atoms, or have no coordinates, are skipped.
 */
export function readPdbAtoms(text: string): PdbAtom[] {
  const atoms: PdbAtom[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("ENDMDL")) break;
    const record = line.startsWith("ATOM  ") ? "ATOM" : line.startsWith("HETATM") ? "HETATM" : null;
    const atom = record === null ? null : readAtom(record, line);
    if (atom) atoms.push(atom);
  }
  return atoms;
}

function readAtom(record: PdbAtom["record"], line: string): PdbAtom | null {
  const [x, y, z] = [line.slice(30, 38), line.slice(38, 46), line.slice(46, 54)].map(coordinate);
  if (x == null || y == null || z == null) return null;
  const name = line.slice(12, 16);
  return {
    record,
    name: name.trim(),
    altLoc: line.slice(16, 17).trim(),
    residue: line.slice(17, 20).trim(),
    chain: line.slice(21, 22).trim(),
    number: line.slice(22, 27).trim(),
    element: element(line.slice(76, 78), name, record),
    x,
    y,
    z,
    line,
  };
}

function coordinate(text: string): number | null {
  const value = Number(text);
  return text.trim() === "" || !Number.isFinite(value) ? null : value;
}

const ONE_LETTER = new Set("H D B C N O F P S K V I Y W U".split(" "));
const TWO_LETTERS = new Set(
  "HE LI BE NE NA MG AL SI CL AR CA MN FE CO NI CU ZN AS SE BR AG CD HG PT AU PB".split(" "),
);

/**
 * The element columns. Old files use these columns for something else; then the element is the
 * start of the atom's name.
 */
function element(columns: string, name: string, record: PdbAtom["record"]): string {
  const own = columns.trim().toUpperCase();
  const known = ONE_LETTER.has(own) || TWO_LETTERS.has(own) ? own : elementOfName(name.toUpperCase(), record);
  return known === "D" ? "H" : known;
}

/**
 * A name's first two columns are the element's, but a four-letter hydrogen name also begins in the
 * first.
 */
function elementOfName(name: string, record: PdbAtom["record"]): string {
  if (/^[ \d]/.test(name)) return name.slice(1, 2);
  const two = name.slice(0, 2);
  return record === "HETATM" && TWO_LETTERS.has(two) ? two : name.slice(0, 1);
}

/** An atom line with its element in the standard columns, and nothing after it. */
export function pdbLine(atom: PdbAtom): string {
  const body = `${atom.line.slice(0, 16)} ${atom.line.slice(17, 66)}`.padEnd(76).slice(0, 76);
  return `${body}${atom.element.padStart(2)}`;
}

/**
 * Whether a text is a PDBQT file: its atom lines continue with a partial charge and an AutoDock
 * type.
 */
export function isPdbqt(text: string): boolean {
  const line = /^(?:ATOM {2}|HETATM).*$/m.exec(text)?.[0] ?? "";
  return (
    /^\s*[-+]?\d+\.\d+\s*$/.test(line.slice(66, 77)) && /^[A-Za-z][A-Za-z0-9]{0,2}\s*$/.test(line.slice(77))
  );
}
