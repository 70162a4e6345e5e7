import type { Workload, WorkloadExample } from "lockstep/internal/workload";

export interface Example extends WorkloadExample {
  readonly kind: string;
}

/**
 * What somebody can try first: of the first workload that has something.
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
