import type { Workload } from "lockstep/internal/workload";

/** The workloads of this program, a line each. */
const WORKLOADS: readonly (() => Promise<Workload>)[] = [
  async () => (await import("@lockstep/scan")).scan,
  async () => (await import("@lockstep/docking")).docking,
];

/** Loads what is known of them, not their handlers. */
export async function loadWorkloads(): Promise<readonly Workload[]> {
  return await Promise.all(WORKLOADS.map((load) => load()));
}
