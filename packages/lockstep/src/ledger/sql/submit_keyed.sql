-- Purpose: submits jobs that have an idempotency key or a unique key.
-- Parameters: $1 jsonb array (see functions/submit_keyed.sql)
-- Rows: one for each request: the job it led to, and how.
-- Guard: in lockstep.submit_keyed.
select id, job_id, result, run_at, ready_at, created_at
from lockstep.submit_keyed($1::jsonb)
