/**
 * What went wrong in a handler, and in code that it started: a thrown value as a storable error, the
 * attempt that a piece of code belongs to, and the process-wide watch for rejections and exceptions
 * that nobody handled. It knows nothing of workers or the ledger.
 */
export { attemptError, storableText } from "./attempt-error.js";
export { type Attributed, AttributedRun, attribute } from "./attribution.js";
export { type ProcessFaultsOptions, watchProcessFaults } from "./process-faults.js";
