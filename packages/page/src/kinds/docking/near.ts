interface Place {
  readonly x?: number | undefined;
  readonly y?: number | undefined;
  readonly z?: number | undefined;
}

/** An atom of a receptor, with its residue. */
export interface ResidueAtom extends Place {
  readonly index?: number | undefined;
  readonly chain?: string | undefined;
  readonly resi?: number | undefined;
}

/**
 * The atoms of every residue that has at least one atom near the ligand.
 * @param distance in ångström
 */
export function residuesNear(
  receptor: readonly ResidueAtom[],
  ligand: readonly Place[],
  distance: number,
): { readonly residues: number; readonly indices: readonly number[] } {
  const residueOf = ({ chain, resi }: ResidueAtom) => `${chain}:${resi}`;
  const isNear = (atom: ResidueAtom) => ligand.some((other) => squared(atom, other) <= distance * distance);
  const near = new Set(receptor.filter(isNear).map(residueOf));
  const indices = receptor.filter((atom) => near.has(residueOf(atom))).flatMap(({ index }) => index ?? []);
  return { residues: near.size, indices };
}

/** Atoms without coordinates are never near. */
function squared(one: Place, other: Place): number {
  const along = (axis: keyof Place) => (one[axis] ?? Number.NaN) - (other[axis] ?? Number.NaN);
  return along("x") ** 2 + along("y") ** 2 + along("z") ** 2;
}
