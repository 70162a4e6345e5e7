-- Purpose: reads every job that runs in a worker's name: a turn whose answer was lost may have
--   claimed jobs that the worker does not know of.
-- Parameters: $1 worker
-- Rows: one for each job, ordered by id.
-- Guard: none, reads only. It walks all claims, so it runs after a failed turn, not in every turn.
select {job}, traceparent, claim_token, 'ledger' as source, clock_timestamp() as as_of
from lockstep.jobs
where id in (select r.id from lockstep.running_jobs r where r.worker_id = $1)
order by id
