-- Purpose: stores the names of queues: of those with claimable jobs, for the list of queues, and of
--   one that gets a limit.
-- Parameters: $1 names
-- Rows: none.
-- Guard: a known name stays as it is.
insert into lockstep.queues (name)
select n.name
from unnest($1::text[]) as n(name)
where not exists (select from lockstep.queues q where q.name = n.name)
order by n.name
on conflict do nothing
