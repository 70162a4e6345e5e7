/**
 * The client: submit, work, wait. It checks input against the definitions and carries the types of
 * outputs.
 */

export type {
  CompletedJob,
  JobId,
  Lockstep,
  LockstepOptions,
  RunningWorker,
  SubmittedJob,
  WaitOptions,
  WorkOptions,
} from "./contract.js";
export { createLockstep } from "./create-lockstep.js";
export type { Stored } from "./stored.js";
