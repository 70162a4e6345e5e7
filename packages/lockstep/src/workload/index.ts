/**
 * A workload: a kind of job together with everything that a server, the command line and a worker
 * need to know about it. A workload is one value, created by `defineWorkload` and listed once; its
 * kind is named nowhere else.
 *
 * Creating the value loads no handler and opens nothing: even a process that only prints help
 * creates it. `job` loads the handler, and is called only by processes that run jobs or check their
 * input. A workload has the same rights as any handler: it changes no status, and the server that
 * keeps the record only reads what it says about outputs and forms.
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
