import type { Point } from "./point.js";

/** An atom of a PDBQT file, with the type by which AutoDock and Vina distinguish atoms. */
export interface PdbqtAtom extends Point {
  readonly serial: string;
  readonly name: string;
  readonly type: string;
}

// From Vina 1.2's table of atom types. Metals that it knows only by name count as donors.
const KNOWN_TYPES = new Set(
  (
    "C A N O P S H F I NA OA SA HD Mg Mn Zn Ca Fe Cl Br Si At G0 G1 G2 G3 CG0 CG1 CG2 CG3 W " +
    "Cu Na K Hg Co U Cd Ni Se"
  ).split(" "),
);
const UNKNOWN_SHOWN_MAX = 5;

export function readPdbqtAtoms(text: string): PdbqtAtom[] {
  return text.split(/\r?\n/).flatMap((line) => {
    if (!/^(ATOM {2}|HETATM)/.test(line)) return [];
    const [x, y, z] = [line.slice(30, 38), line.slice(38, 46), line.slice(46, 54)].map(Number);
    if (x === undefined || y === undefined || z === undefined || ![x, y, z].every(Number.isFinite)) return [];
    const type = line.slice(77).trim();
    return [{ serial: line.slice(6, 11).trim(), name: line.slice(12, 16).trim(), type, x, y, z }];
  });
}

/** The atoms for which Vina has no parameters, as a readable text; null when it knows all. */
export function unknownAtoms(atoms: readonly PdbqtAtom[]): string | null {
  return listed(
    atoms
      .filter((atom) => !KNOWN_TYPES.has(atom.type))
      .map((atom) => `${atom.type || "no type"} (atom ${atom.serial}, ${atom.name})`),
  );
}

/**
 * The same for a structure's elements: Open Babel computes no charges for a structure with other
 * elements.
 */
export function unknownElements(atoms: readonly { readonly element: string }[]): string | null {
  return listed(
    atoms.flatMap(({ element }, index) =>
      KNOWN_TYPES.has(element) ? [] : [`${element} (atom ${index + 1})`],
    ),
  );
}

function listed(unknown: readonly string[]): string | null {
  if (unknown.length === 0) return null;
  const more = unknown.length - UNKNOWN_SHOWN_MAX;
  return `${unknown.slice(0, UNKNOWN_SHOWN_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The number of rotatable bonds of a ligand. */
export function torsionCount(pdbqt: string): number {
  return pdbqt.match(/^BRANCH /gm)?.length ?? 0;
}

/** Whether atoms are hydrogens: their types are H and HD. */
export function isHydrogen(atom: PdbqtAtom): boolean {
  return atom.type === "H" || atom.type === "HD";
}

/** A pose of Vina's output. */
export interface PdbqtPose {
  /** kcal/mol. */
  readonly affinity: number;
  /** Ångström from the best pose, lower and upper bound. */
  readonly rmsdLow: number;
  readonly rmsdHigh: number;
  readonly atoms: readonly PdbqtAtom[];
}

/** The poses of Vina's output, best first, unchanged. */
export function readPoses(text: string): PdbqtPose[] {
  return text
    .split(/^MODEL /m)
    .slice(1)
    .flatMap((model) => {
      const result = /^REMARK VINA RESULT:\s+(\S+)\s+(\S+)\s+(\S+)/m.exec(model)?.slice(1).map(Number) ?? [];
      const [affinity, rmsdLow, rmsdHigh] = result;
      if (affinity === undefined || rmsdLow === undefined || rmsdHigh === undefined) return [];
      return [{ affinity, rmsdLow, rmsdHigh, atoms: readPdbqtAtoms(model) }];
    });
}

const ELEMENTS: Readonly<Record<string, string>> = { A: "C", OA: "O", NA: "N", SA: "S", HD: "H" };

/** Poses as PDB: the same atoms with elements instead of AutoDock's types. */
export function toPdb(pdbqt: string): string {
  const lines = pdbqt.split(/\r?\n/).flatMap((line) => {
    if (/^(MODEL|ENDMDL)/.test(line)) return [line];
    if (!/^(ATOM {2}|HETATM)/.test(line)) return [];
    const type = line.slice(77).trim();
    return [`${line.slice(0, 66).padEnd(76)}${(ELEMENTS[type] ?? type).toUpperCase().padStart(2)}`];
  });
  return `${[...lines, "END"].join("\n")}\n`;
}
