-- Purpose: reads a page of a batch's finished jobs, with their inputs and outcomes.
-- Parameters: $1 batch, $2 ids after this one, $3 limit
-- Rows: ordered by id.
-- Guard: none, reads only.
select id, status, attempt, version, input, output, error, finished_at
from lockstep.jobs
where batch_id = $1
  and status in ('completed', 'failed', 'cancelled')
  and id > $2
order by id
limit $3
