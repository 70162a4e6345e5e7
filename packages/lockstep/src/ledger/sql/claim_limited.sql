-- Purpose: claims from a queue that has limits: the first jobs of the queue for one worker, or
--   named jobs for the workers that ask for them.
-- Parameters: $1 queue, $2 worker or null, $3 the token of the claim, $4 kinds, $5 limit, $6 jobs
--   or null and $7 their workers (pairs)
-- Rows: `claimed` one for each job granted; `wait` when a rate says in how many milliseconds it may
--   allow more.
-- Guard: in lockstep.claim_limited: the claims of a queue run one after the other, each counts with
--   its own snapshot, and a job must be pending and ready, locked first (skip locked).
select
  case when (c.job).id is null then 'wait' else 'claimed' end as op,
  {(c.job).job}, (c.job).traceparent, (c.job).claim_token,
  c.wait_ms
from lockstep.claim_limited($1, $2, $3, $4, $5, $6, $7) c
