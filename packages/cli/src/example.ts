import type { Workload, WorkloadExample } from "lockstep/internal/workload";

export interface Example extends WorkloadExample {
  readonly kind: string;
}

/**
 * A command that a new user can try first, from the first workload that has one.
 * @param settings the values of the workloads' settings
 */
export function exampleOf(
  workloads: readonly Workload[],
  settings: Readonly<Record<string, unknown>>,
): Example | null {
  for (const workload of workloads) {
    const example = workload.example(settings);
    if (example !== null) return { kind: workload.kind, ...example };
  }
  return null;
}
