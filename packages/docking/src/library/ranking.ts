import type { BatchRanking } from "lockstep/internal/workload";
import { z } from "zod";

const shown = z.object({
  best_score: z.number(),
  num_poses: z.number(),
  ligand: z.object({ name: z.string(), heavy_atoms: z.number() }),
});
const given = z.object({ smiles: z.string().optional(), ligand_name: z.string().optional() });

/** Dockings by best score, in kcal/mol, strongest first. */
export const dockingRanking: BatchRanking = {
  score: (output) => shown.safeParse(output).data?.best_score ?? null,
  columns: ["compound", "best_score_kcal_per_mol", "num_poses", "heavy_atoms", "smiles"],
  row(input, output) {
    const asked = given.safeParse(input).data;
    const found = shown.safeParse(output).data;
    return [
      found?.ligand.name ?? asked?.ligand_name ?? null,
      found?.best_score ?? null,
      found?.num_poses ?? null,
      found?.ligand.heavy_atoms ?? null,
      asked?.smiles ?? null,
    ];
  },
  files: {
    sdf: {
      holds: "the best pose of each compound",
      artifact: "pose-1.sdf",
      mediaType: "chemical/x-mdl-sdfile",
      part: (text, { rank, jobId }) =>
        text.replace(/^\$\$\$\$\s*$/m, `>  <rank>\n${rank}\n\n>  <job_id>\n${jobId}\n\n$$$$$$$$\n`),
    },
  },
};
