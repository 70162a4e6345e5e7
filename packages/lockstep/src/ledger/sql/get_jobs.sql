-- Purpose: reads jobs by primary key.
-- Parameters: $1 ids
-- Rows: one for each job that exists, in no particular order.
-- Guard: none, reads only.
select {job}, 'ledger' as source, clock_timestamp() as as_of
from lockstep.jobs
where id = any($1::uuid[])
