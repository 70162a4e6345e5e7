import { findProgram } from "lockstep/internal/programs";
import type { RequiredProgram, WorkloadPrograms } from "lockstep/internal/workload";

const NEEDED: readonly RequiredProgram[] = [
  { program: "vina", debian_package: "autodock-vina" },
  { program: "obabel", debian_package: "openbabel" },
];

/** What the machine of a worker must have for it to offer dockings. */
export function dockingPrograms(searchPath: string): WorkloadPrograms {
  return {
    needed: NEEDED,
    missing: () => NEEDED.filter(({ program }) => findProgram(program, searchPath) === null),
  };
}
