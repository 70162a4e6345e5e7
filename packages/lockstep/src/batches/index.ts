/**
 * Batches, before and after: what a client asks for becomes the inputs of many jobs, and what they left becomes one ranked list.
 *
 * What is true. A batch is made of inputs that were each checked as a single job's would be. A line of a library that is not valid is
 * told with its number; it is left out only when the client asked for that, and then the batch says so for good. Results are read
 * from the ledger when they are asked for: nothing here is kept, so nothing here can be stale.
 *
 * What happens in a crash. Nothing was committed, or the ledger's one transaction was: see ledger/batches.ts.
 */
export { type BatchRequest, type CheckInput, type PlannedBatch, planBatch } from "./plan.js";
export { type RankedResult, rankedResults } from "./ranked.js";
export { resultsCsv } from "./results-csv.js";
export { resultsFile } from "./results-file.js";
