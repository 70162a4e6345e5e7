import type { Workload } from "lockstep/internal/workload";

/** The workloads that the command line knows, a line each. One that is not installed is left out. */
const WORKLOADS: readonly (() => Promise<Workload>)[] = [
  async () => (await import("@lockstep/scan")).scan,
  async () => (await import("@lockstep/docking")).docking,
];

/** Loads what is known of those that are installed, not their handlers. */
export async function loadWorkloads(): Promise<readonly Workload[]> {
  const found = await Promise.all(WORKLOADS.map(loadIfInstalled));
  return found.filter((workload) => workload !== null);
}

async function loadIfInstalled(load: () => Promise<Workload>): Promise<Workload | null> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Another missing package is a broken installation, which is said.
    if (code === "ERR_MODULE_NOT_FOUND" && /Cannot find package '@lockstep\/(scan|docking)'/.test(message)) return null;
    throw error;
  }
}
