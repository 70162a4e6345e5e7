-- Purpose: one turn of a worker: settles the attempts that ended and claims jobs for the free
--   slots, in one commit.
-- Parameters: of the completed attempts $1 jobs, $2 attempts, $3 workers, $4 claim tokens, $5
--   outputs (arrays); $6 the other settlements (see functions/settle_others.sql) or null; of the
--   claim $7 worker, $8 token, $9 queue, $10 kinds, $11 limit, $12 $13 $14 the cursor (priority,
--   ready_at, id): claims come after it
-- Rows: see functions/turn.sql. They are read by their places (turn-row.ts).
-- Guard: in lockstep.turn: a settlement needs the running attempt of that worker with that token,
--   or one taken from it that nobody has claimed since; a claim needs a pending, ready job, locked
--   first (skip locked), so that the limit holds and no job is granted twice.
select op, id, attempt, version, priority, ready_at, kind, failures, losses, max_attempts, input, error, tags, timeout_ms, unique_key,
  limit_key, batch_id, run_at, deadline_at, created_at, started_at, traceparent, details
from lockstep.turn($1::uuid[], $2::integer[], $3::uuid[], $4::uuid[], $5::jsonb[], $6::jsonb,
  $7::uuid, $8::uuid, $9, $10::text[], $11, $12::smallint, $13::timestamptz, $14::uuid)
