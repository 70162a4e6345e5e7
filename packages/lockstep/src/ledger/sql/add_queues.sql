-- Purpose: remembers the names of queues, so that workers that take all queues and the list of queues know them.
-- Parameters: $1 names
-- Rows: none.
-- Guard: a known name stays as it is.
insert into queues (name)
select name
from unnest($1::text[]) as names(name)
order by name
on conflict do nothing
