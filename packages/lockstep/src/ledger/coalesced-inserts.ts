import { isDataError } from "../database/index.js";
import type { LockstepError } from "../errors.js";
import { coalesce } from "../timing/index.js";
import type { ReadyWakeUp } from "./feed-event.js";
import type { Submitted } from "./ledger.js";
import type { NewJob } from "./request.js";

/** Jobs of concurrent calls that share one insert. */
const COALESCED_INSERT_MAX = 500;
/** Concurrent shared inserts: two keep the connection's commit and this process both busy. */
const COALESCED_INSERTS_MAX = 2;

export interface InsertResult {
  readonly submitted: Submitted;
  readonly ready: ReadyWakeUp | null;
}

/** Concurrent single inserts share statements, and everybody is answered after the commit that holds their row. */
export function createCoalescedInserts(
  insert: (jobs: readonly NewJob[]) => Promise<(InsertResult | LockstepError)[]>,
): (job: NewJob) => Promise<InsertResult> {
  return coalesce<NewJob, InsertResult>({
    run: insert,
    batchSizeMax: COALESCED_INSERT_MAX,
    batchesMax: COALESCED_INSERTS_MAX,
    isOfOneItem: isDataError,
  });
}
