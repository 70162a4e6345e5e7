-- Purpose: stores the names of queues, for the list of queues and for workers that take all queues.
-- Parameters: $1 names
-- Rows: none.
-- Guard: a known name stays as it is.
insert into queues (name)
select name
from unnest($1::text[]) as names(name)
order by name
on conflict do nothing
