import type { Job } from "lockstep/internal/job";
import { z } from "zod";
import { safeLine } from "./safe-text.js";
import { type Column, renderTable } from "./table.js";
import type { Terminal } from "./terminal.js";

/** What is shown of a docking's output. */
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

const COLUMNS: readonly Column<Mode>[] = [
  { title: "POSE", cell: ({ mode }) => String(mode), align: "right" },
  { title: "KCAL/MOL", cell: ({ affinity }) => affinity.toFixed(3), align: "right" },
  {
    title: "RMSD FROM BEST",
    cell: ({ rmsd_lb, rmsd_ub }) => `${rmsd_lb.toFixed(2)} to ${rmsd_ub.toFixed(2)} Å`,
  },
];

/** A docking's poses as a table, best first, and what to know about them. */
export function dockText(job: Job, { paint, width }: Pick<Terminal, "paint" | "width">): string {
  const { modes, num_poses, best_score, seed, warnings } = DockingOutput.parse(job.output);
  const poses = num_poses === 1 ? "1 pose" : `${num_poses} poses`;
  return [
    renderTable(COLUMNS, modes, width),
    `${paint.bold(`${best_score.toFixed(3)} kcal/mol`)} at best, ${poses}, seed ${seed}`,
    paint.dim("more negative is predicted stronger: a scoring estimate, not a measured affinity"),
    ...warnings.map((warning) => paint.yellow(`note: ${safeLine(warning)}`)),
  ].join("\n");
}
