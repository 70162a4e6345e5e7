-- Purpose: reads a page of the ids of a batch's archived jobs.
-- Parameters: $1 batch, $2 ids after this one, $3 limit
-- Rows: ordered by id.
-- Guard: none, reads only.
select id
from lockstep.archived_jobs
where batch_id = $1
  and id > $2
order by id
limit $3
