import type { Job } from "lockstep/internal/job";
import type { TextColumn, TextTools } from "lockstep/internal/workload";
import { z } from "zod";

/** The parts of a docking's output that are shown. */
const DockingOutput = z.object({
  num_poses: z.number(),
  best_score: z.number(),
  modes: z.array(
    z.object({ mode: z.number(), affinity: z.number(), rmsd_lb: z.number(), rmsd_ub: z.number() }),
  ),
  seed: z.number(),
  warnings: z.array(z.string()),
});

type Mode = z.output<typeof DockingOutput>["modes"][number];

const COLUMNS: readonly TextColumn<Mode>[] = [
  { title: "POSE", cell: ({ mode }) => String(mode), align: "right" },
  { title: "KCAL/MOL", cell: ({ affinity }) => affinity.toFixed(3), align: "right" },
  {
    title: "RMSD FROM BEST",
    cell: ({ rmsd_lb, rmsd_ub }) => `${rmsd_lb.toFixed(2)} to ${rmsd_ub.toFixed(2)} Å`,
  },
];

/** A docking's poses as a table, best first, with a note on how to read the scores. */
export function dockText(job: Job, { paint, table, line }: TextTools): string {
  const { modes, num_poses, best_score, seed, warnings } = DockingOutput.parse(job.output);
  const poses = num_poses === 1 ? "1 pose" : `${num_poses} poses`;
  return [
    table(COLUMNS, modes),
    `${paint.bold(`${best_score.toFixed(3)} kcal/mol`)} for the best pose, ${poses}, seed ${seed}`,
    paint.dim("more negative = predicted stronger: a scoring estimate, not a measured affinity"),
    ...warnings.map((warning) => paint.yellow(`note: ${line(warning)}`)),
  ].join("\n");
}
