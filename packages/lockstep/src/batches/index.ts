/**
 * Batches, before and after: turns a client's request into the inputs of many jobs, and their
 * results into one ranked list.
 *
 * Invariants. Each input of a batch was checked in the same way as the input of a single job. An
 * invalid line of a library is reported with its number. It is skipped only when the client asked
 * for that, and then the batch records it permanently. Results are read from the ledger on request:
 * nothing is stored here, so nothing here can be stale.
 *
 * What happens in a crash. Either nothing was committed, or the ledger's one transaction was: see
 * ledger/batches.ts.
 */
export { type BatchRequest, type CheckInput, type PlannedBatch, planBatch } from "./plan.js";
export { type RankedResult, rankedResults } from "./ranked.js";
export { resultsCsv } from "./results-csv.js";
export { resultsFile } from "./results-file.js";
