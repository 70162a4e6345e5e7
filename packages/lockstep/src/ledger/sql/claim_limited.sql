-- Purpose: claims from a queue that has limits: the first jobs of the queue for one worker, or
--   named jobs for the workers that ask for them.
-- Parameters: $1 queue, $2 worker or null, $3 kinds, $4 limit, $5 jobs or null and $6 their workers
--   (pairs)
-- Rows: `claimed` one for each job granted; `wait` when a rate says in how many milliseconds it may
--   allow more.
-- Guard: in lockstep_claim_limited (migration 0010): the claims of a queue run one after the other,
--   each counts with its own snapshot, and a job must be pending and ready, locked first (skip
--   locked).
select
  case when (c.job).id is null then 'wait' else 'claimed' end as op,
  (c.job).id, (c.job).attempt, (c.job).worker_id, (c.job).version, (c.job).status, (c.job).queue, (c.job).priority, (c.job).ready_at,
  (c.job).kind, (c.job).failures, (c.job).max_attempts, (c.job).input, (c.job).error, (c.job).tags, (c.job).timeout_ms, (c.job).unique_key,
  (c.job).run_at, (c.job).deadline_at, (c.job).created_at, (c.job).started_at, (c.job).traceparent,
  c.wait_ms
from lockstep_claim_limited($1, $2, $3, $4, $5, $6) c
