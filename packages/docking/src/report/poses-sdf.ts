import { writeMolecule } from "../molecule/molfile.js";
import type { PdbqtPose } from "../molecule/pdbqt.js";
import { placeAll } from "../molecule/place.js";
import type { PreparedLigand } from "../prepare/ligand.js";
import { modesOf } from "./output.js";

/**
 * The poses as SDF, one text each: the ligand's own bonds, charges and hydrogens at the positions
 * that Vina found.
 * @returns null when the ligand's structure is unknown, or does not match the poses
 */
export function posesSdf(ligand: PreparedLigand, poses: readonly PdbqtPose[]): string[] | null {
  const { structure, match, name } = ligand;
  if (structure === null || poses.some((pose) => pose.atoms.length !== match.length)) return null;
  const modes = modesOf(poses);
  return poses.map((pose, index) =>
    writeMolecule(structure, placeAll(structure, match, pose.atoms), {
      name,
      data: {
        mode: String(index + 1),
        affinity_kcal_per_mol: String(pose.affinity),
        rmsd_lower_bound: String(modes[index]?.rmsd_lb ?? 0),
        rmsd_upper_bound: String(modes[index]?.rmsd_ub ?? 0),
      },
    }),
  );
}
