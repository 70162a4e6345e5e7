import { findProgram } from "lockstep/internal/programs";
import type { RequiredProgram, WorkloadPrograms } from "lockstep/internal/workload";

const NEEDED: readonly RequiredProgram[] = [
  { program: "vina", debian_package: "autodock-vina" },
  { program: "obabel", debian_package: "openbabel" },
];

/** The programs that a worker's machine needs to offer dockings. */
export function dockingPrograms(searchPath: string): WorkloadPrograms {
  return {
    needed: NEEDED,
    missing: () => NEEDED.filter(({ program }) => findProgram(program, searchPath) === null),
  };
}
