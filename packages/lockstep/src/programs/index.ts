/**
 * Other people's programs, run so that they cannot do harm: each in a process group of its own, with no environment but
 * what it is given, with limits on time, output and memory, and in a private temporary folder. The group is killed as a
 * whole, and a folder whose process was killed is removed by the next process that looks.
 */
export { findProgram, SYSTEM_PATH } from "./find-program.js";
export { ProgramMissingError, type ProgramOptions, type ProgramResult, runProgram } from "./run-program.js";
export { createWorkspace, sweepWorkspaces, type Workspace } from "./workspace.js";
