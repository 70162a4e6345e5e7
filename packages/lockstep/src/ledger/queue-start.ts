import { NIL_ID, PRIORITY_MIN } from "../job/index.js";
import type { Cursor } from "./worker-ledger.js";

/** Before every possible job: the smallest smallint, the smallest time, the nil uuid. */
export const QUEUE_START: Cursor = {
  priority: PRIORITY_MIN,
  ready_at: "-infinity",
  id: NIL_ID,
};
