interface Place {
  readonly x?: number | undefined;
  readonly y?: number | undefined;
  readonly z?: number | undefined;
}

/** An atom of a receptor, with the residue it belongs to. */
export interface ResidueAtom extends Place {
  readonly index?: number | undefined;
  readonly chain?: string | undefined;
  readonly resi?: number | undefined;
}

/**
 * The atoms of every residue of which at least one atom is near to the ligand.
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

/** Atoms without a place are near to nothing. */
function squared(one: Place, other: Place): number {
  const along = (axis: keyof Place) => (one[axis] ?? Number.NaN) - (other[axis] ?? Number.NaN);
  return along("x") ** 2 + along("y") ** 2 + along("z") ** 2;
}
