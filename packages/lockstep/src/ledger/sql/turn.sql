-- Purpose: one turn of a worker: settles the attempts that ended and claims jobs for the freed
--   slots, in one commit.
-- Parameters: $1 settlements, jsonb array of {i: job, a: attempt, w: worker, t: type, o: output, e:
--   error, r: retry in ms or null, y: error|timeout}
--   $2 worker, $3 queue, $4 kinds, $5 limit, $6 $7 $8 the cursor (priority, ready_at, id): claims
--   come after it
-- Rows: `settled` one for each settlement that took effect; `claimed` one for each job granted;
--   `limited` when the queue has limits: then nothing is claimed here, and claim_limited.sql does
--   it. A settled row says whether its queue has limits.
-- Guard: in lockstep_turn (migration 0012): a settlement needs the running attempt of that worker,
--   or one taken from it that nobody has claimed since; a claim needs a pending, ready job, locked
--   first (skip locked), so that the limit holds and no job is granted twice.
select op, id, attempt, worker_id, version, status, queue, priority, ready_at, kind, failures, max_attempts,
  input, error, tags, timeout_ms, unique_key, run_at, deadline_at, created_at, started_at, traceparent, limited
from lockstep_turn($1::jsonb, $2::uuid, $3, $4::text[], $5, $6::smallint, $7::timestamptz, $8::uuid)
