type Point = readonly [x: number, y: number, z: number];

interface XYZ {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Margin between the ligand and each side in ångström, the same as the server's. */
const MARGIN = 5;

/**
 * The box around the atoms of a ligand file, in ångström: PDB, PDBQT, SDF or MOL2.
 * @returns null when the file has no atoms, or all of them lie in one plane through the origin, as
 *   in a drawing
 */
export function boxAround(text: string): { center: XYZ; size: XYZ } | null {
  const atoms = atomsOf(text);
  const [x, y, z] = ([0, 1, 2] as const).map((axis) => extent(atoms.map((atom) => atom[axis])));
  if (!x || !y || !z || (z.least === 0 && z.most === 0)) return null;
  const middle = ({ least, most }: Extent) => rounded((least + most) / 2);
  const side = ({ least, most }: Extent) => rounded(most - least + 2 * MARGIN);
  return {
    center: { x: middle(x), y: middle(y), z: middle(z) },
    size: { x: side(x), y: side(y), z: side(z) },
  };
}

interface Extent {
  readonly least: number;
  readonly most: number;
}

function extent(values: readonly number[]): Extent | null {
  if (values.length === 0) return null;
  return values.reduce<Extent>(
    ({ least, most }, value) => ({ least: Math.min(least, value), most: Math.max(most, value) }),
    { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY },
  );
}

function atomsOf(text: string): readonly Point[] {
  const lines = text.split(/\r?\n/);
  const pdb = lines.filter((line) => /^(ATOM|HETATM)/.test(line));
  if (pdb.length > 0)
    return points(pdb.map((line) => [line.slice(30, 38), line.slice(38, 46), line.slice(46, 54)]));
  const mol2 = lines.indexOf("@<TRIPOS>ATOM");
  if (mol2 !== -1) return points(untilNext(lines.slice(mol2 + 1)).map((line) => words(line).slice(2, 5)));
  const count = Number(lines[3]?.slice(0, 3));
  if (!/V2000/.test(lines[3] ?? "") || !Number.isInteger(count)) return [];
  return points(lines.slice(4, 4 + count).map((line) => words(line).slice(0, 3)));
}

function untilNext(lines: readonly string[]): readonly string[] {
  const end = lines.findIndex((line) => line.startsWith("@"));
  return end === -1 ? lines : lines.slice(0, end);
}

function words(line: string): readonly string[] {
  return line.trim().split(/\s+/);
}

function points(rows: readonly (readonly string[])[]): readonly Point[] {
  return rows
    .map(([x, y, z]): Point => [Number(x), Number(y), Number(z)])
    .filter((point) => point.every(Number.isFinite));
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
