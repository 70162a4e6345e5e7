import { expect, it } from "vitest";
import type { ClaimedJob } from "../ledger/index.js";
import { findUnacknowledgedClaims } from "./unacknowledged-claims.js";

it("finds jobs that no part of the worker knows, and no others", async () => {
  const held = ["running", "ending", "waiting", "unsettled", "unknown"];
  const attempt = (job_id: string) => ({ job_id, attempt: 2 });
  const found = await findUnacknowledgedClaims({
    ledger: { heldBy: async () => held.map((id) => ({ id, attempt: 2 }) as ClaimedJob) },
    workerId: "w",
    running: { attempts: [attempt("running")] as never, ending: [attempt("ending")] as never },
    unsettledOutcomes: { all: () => [{ settlement: attempt("unsettled") }] as never },
    waiting: () => [attempt("waiting"), { job_id: "unknown", attempt: 1 }],
  });
  expect(found.map(({ id }) => id)).toEqual(["unknown"]);
});
