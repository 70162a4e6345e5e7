/**
 * Runs other people's programs so that they cannot do harm: each in its own process group, with
 * only the environment it is given, with limits on time, output and memory, and in a private
 * temporary folder. The group is killed as a whole, and the folder of a killed process is removed
 * by the next process that looks.
 */
export { findProgram, SYSTEM_PATH } from "./find-program.js";
export { ProgramMissingError, type ProgramOptions, type ProgramResult, runProgram } from "./run-program.js";
export { createWorkspace, sweepWorkspaces, type Workspace } from "./workspace.js";
