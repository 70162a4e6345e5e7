import { isDataError } from "../database/index.js";
import { coalesce } from "../timing/index.js";
import type { ReadyWakeUp } from "./feed-event.js";
import type { Submitted } from "./ledger.js";
import type { NewJob } from "./request.js";

/** Jobs of concurrent calls per shared insert. */
const COALESCED_INSERT_MAX = 500;
/** Concurrent shared inserts: two keep both the connection's commit and this process busy. */
const COALESCED_INSERTS_MAX = 2;

export interface InsertResult {
  readonly submitted: Submitted;
  readonly ready: ReadyWakeUp | null;
}

/**
 * Concurrent single inserts share statements. Each caller is answered after the commit that holds
 * its row.
 */
export function createCoalescedInserts(
  insert: (jobs: readonly NewJob[]) => Promise<readonly InsertResult[]>,
): (job: NewJob) => Promise<InsertResult> {
  return coalesce<NewJob, InsertResult>({
    run: insert,
    batchSizeMax: COALESCED_INSERT_MAX,
    batchesMax: COALESCED_INSERTS_MAX,
    isOfOneItem: isDataError,
  });
}
