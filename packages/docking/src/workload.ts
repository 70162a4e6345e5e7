import { SYSTEM_PATH } from "lockstep/internal/programs";
import { defineWorkload, type Workload } from "lockstep/internal/workload";
import { dockCommand } from "./commands/dock.js";
import { dockingForm } from "./form/form.js";
import { dockingRanking } from "./library/ranking.js";
import { dockingPrograms } from "./programs.js";
import { RESULT_FILES, resultsShown } from "./report/output.js";

export interface DockingWorkloadOptions {
  /** Where Vina and Open Babel are looked up, like `PATH`. Default: the usual system folders. */
  readonly searchPath?: string;
}

/** The kind `docking` and everything that belongs to it. */
export function dockingWorkload({ searchPath = SYSTEM_PATH }: DockingWorkloadOptions = {}): Workload {
  return defineWorkload({
    kind: "docking",
    async job({ files: store }) {
      const { dockingJob } = await import("./docking-job.js");
      return dockingJob({ store, searchPath });
    },
    programs: dockingPrograms(searchPath),
    results: {
      shown: resultsShown,
      files: RESULT_FILES,
      description: "`pdbqt`, `sdf` and `pdb` with all poses, `csv` with their scores.",
    },
    batch: {
      library: {
        formats: "SMI (a SMILES text and a name per line), CSV with a column smiles, or SDF",
        async split(content, fileId) {
          const { splitLibrary } = await import("./library/split.js");
          return splitLibrary(content, fileId);
        },
      },
      ranking: dockingRanking,
    },
    form: dockingForm,
    commands: [dockCommand],
  });
}

export const docking = dockingWorkload();
