import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isId } from "lockstep/internal/job";

/**
 * Where plans and journals are kept. A run's journal is needed to undo it, so the doctor never
 * removes one.
 */
export interface StateFolder {
  planPath(plan: string): string;
  journalPath(run: string): string;
  /** Held by the process that works on a plan or a run. */
  lockPath(id: string): string;
  /** File that names the run in which a plan was applied, so that no plan is applied twice. */
  consumedPath(plan: string): string;
  /** The ids of the runs, oldest first. */
  runs(): Promise<readonly string[]>;
}

/** @param folder absolute path; created when missing */
export async function openStateFolder(folder: string): Promise<StateFolder> {
  for (const name of ["plans", "runs", "locks"])
    await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
  return {
    planPath: (plan) => join(folder, "plans", `${plan}.ndjson`),
    journalPath: (run) => join(folder, "runs", `${run}.ndjson`),
    lockPath: (id) => join(folder, "locks", `${id}.lock`),
    consumedPath: (plan) => join(folder, "plans", `${plan}.used`),
    async runs() {
      const names = await readdir(join(folder, "runs"));
      return names
        .map((name) => name.replace(/\.ndjson$/, ""))
        .filter(isId)
        .sort();
    },
  };
}
