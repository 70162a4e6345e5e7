/**
 * What a workload is: a kind of job together with everything a server, the command line and a worker need to know
 * about it. A workload is one value, made by `defineWorkload` and listed once; nothing else names its kind.
 *
 * Making the value loads no handler and opens nothing: a process that only prints help makes it, too. `job` loads the
 * handler, and only a process that runs jobs or checks their input calls it. A workload has no more rights than anybody's
 * handler: it changes no status, and what it says about outputs and forms is read by a server that keeps the record.
 */

export { folder, list, type Setting, type SettingTable, type SettingValues, setting } from "../settings.js";
export type {
  BatchLibrary,
  BatchRanking,
  LibraryEntry,
  LibraryLines,
  RankedFile,
  WorkloadBatch,
} from "./batch.js";
export {
  type CommandBatch,
  type CommandContext,
  type CommandJob,
  type CommandOption,
  type DemoJob,
  type Follow,
  WAIT_TIMEOUT,
  type WorkloadCommand,
  type WorkloadDemo,
  type WorkloadExample,
} from "./command.js";
export { type OpenWorkload, openWorkloads, settingsOf } from "./open.js";
export { type OptionValue, secondsNumber, wholeNumber } from "./option-value.js";
export type { RequiredProgram, WorkloadPrograms } from "./programs.js";
export type { Paint, TextColumn, TextTools } from "./text.js";
export {
  defineWorkload,
  type Workload,
  type WorkloadForm,
  type WorkloadOptions,
  type WorkloadPlace,
  type WorkloadResults,
} from "./workload.js";
