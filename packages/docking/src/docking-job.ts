import type { ArtifactStore } from "lockstep/internal/artifacts";
import { defineJob, type JobContext, type JobDefinition } from "lockstep/internal/job";
import { createWorkspace, SYSTEM_PATH, sweepWorkspaces } from "lockstep/internal/programs";
import { type DockingInput, dockingInput } from "./input/input.js";
import { DOCKING_LIMITS, type DockingLimits } from "./limits.js";
import { createPrepareOnce } from "./prepare/prepare-once.js";
import type { DockingOutput } from "./report/output.js";
import { runDocking } from "./run-docking.js";

export interface DockingJobOptions {
  /** The store with the uploaded files. */
  readonly store: ArtifactStore;
  /** Where Vina and Open Babel are looked up, like `PATH`. Default: the usual system folders. */
  readonly searchPath?: string;
  /** The programs' working folder. Default: the system's temporary folder. */
  readonly tempDir?: string;
  readonly limits?: Partial<DockingLimits>;
}

/** The kind `docking`: predicts how, and how strongly, a small molecule may bind to a protein. */
export function dockingJob(options: DockingJobOptions): JobDefinition<typeof dockingInput, DockingOutput> {
  const { store, tempDir, searchPath = SYSTEM_PATH } = options;
  const limits = { ...DOCKING_LIMITS, ...options.limits };
  const prepareOnce = createPrepareOnce(store, searchPath);
  let swept: Promise<unknown> | null = null;
  return defineJob({
    kind: "docking",
    description: "Docks a small molecule into a protein with AutoDock Vina: poses, and a score for each.",
    input: dockingInput,
    timeout: "8h",
    retry: { maxAttempts: 3 },
    async run(input: DockingInput, ctx: JobContext) {
      swept ??= sweepWorkspaces("docking", tempDir);
      await swept;
      const workspace = await createWorkspace("docking", tempDir);
      try {
        return await runDocking(input, ctx, { store, searchPath, limits, prepareOnce, work: workspace.dir });
      } finally {
        await workspace.remove();
      }
    },
  });
}
