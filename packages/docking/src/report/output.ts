import type { Json } from "lockstep/internal/job";
import type { Box } from "../dock/box.js";
import type { PdbqtPose } from "../molecule/pdbqt.js";

export const DOCKED_NAME = "docked.pdbqt";
export const POSES_SDF_NAME = "poses.sdf";
export const POSES_PDB_NAME = "poses.pdb";
export const SCORES_NAME = "scores.csv";

/** The download formats of a docking's result. */
export const RESULT_FILES = {
  pdbqt: DOCKED_NAME,
  sdf: POSES_SDF_NAME,
  pdb: POSES_PDB_NAME,
  csv: SCORES_NAME,
};

/** One pose: kcal/mol, and ångström from the best pose. */
export interface Mode {
  /** 1 is the best. */
  readonly mode: number;
  readonly affinity: number;
  readonly rmsd_lb: number;
  readonly rmsd_ub: number;
}

/** The output of a `docking` job. */
export type DockingOutput = {
  readonly num_poses: number;
  /** kcal/mol, best first: a scoring estimate, not a measured affinity. */
  readonly scores: readonly number[];
  readonly best_score: number;
  readonly modes: readonly Mode[];
  /** The name of the artifact with all poses as Vina wrote them. */
  readonly output_file: string;
  /**
   * The name of the artifact with all poses as SDF; null when the structure could not be
   * determined.
   */
  readonly sdf_file: string | null;
  readonly ligand: { readonly name: string; readonly heavy_atoms: number; readonly torsions: number };
  readonly method: "vina";
  readonly exhaustiveness: number;
  readonly box: Box;
  readonly seed: number;
  readonly cpu: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  readonly duration_ms: number;
};

export function modesOf(poses: readonly PdbqtPose[]): Mode[] {
  return poses.map(({ affinity, rmsdLow, rmsdHigh }, index) => ({
    mode: index + 1,
    affinity,
    rmsd_lb: rmsdLow,
    rmsd_ub: rmsdHigh,
  }));
}

/** The scores as a table (RFC 4180). */
export function scoresCsv(modes: readonly Mode[]): string {
  const rows = modes.map(({ mode, affinity, rmsd_lb, rmsd_ub }) =>
    [mode, affinity, rmsd_lb, rmsd_ub].join(","),
  );
  return `${["mode,affinity_kcal_per_mol,rmsd_lower_bound,rmsd_upper_bound", ...rows].join("\r\n")}\r\n`;
}

const SHOWN = ["num_poses", "scores", "best_score", "output_file"] as const;

/** The members shown beside a docking's status; the rest is in the job's output. */
export function resultsShown(output: Json): Json {
  if (typeof output !== "object" || output === null || Array.isArray(output)) return output;
  const members = new Map(Object.entries(output));
  return Object.fromEntries(
    SHOWN.filter((name) => members.has(name)).map((name) => [name, members.get(name) ?? null]),
  );
}
