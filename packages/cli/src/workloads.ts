import type { Workload } from "lockstep/internal/workload";

/**
 * The workloads that the command line knows, one per line. A workload whose package is not
 * installed is left out.
 */
const WORKLOADS: Readonly<Record<string, () => Promise<Workload>>> = {
  "@lockstep/scan": async () => (await import("@lockstep/scan")).scan,
  "@lockstep/docking": async () => (await import("@lockstep/docking")).docking,
};

/** Loads the definitions of the installed workloads, not their handlers. */
export async function loadWorkloads(): Promise<readonly Workload[]> {
  const found = await Promise.all(
    Object.entries(WORKLOADS).map(([name, load]) =>
      load().catch((error: unknown) => nullIfMissing(name, error)),
    ),
  );
  return found.filter((workload) => workload !== null);
}

/**
 * @throws the error when anything but the named package is missing: then the installation is broken
 */
function nullIfMissing(name: string, error: unknown): null {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_MODULE_NOT_FOUND" && message.includes(`'${name}'`)) return null;
  throw error;
}
