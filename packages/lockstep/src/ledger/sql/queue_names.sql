-- Purpose: reads the names of all queues.
-- Parameters: none
-- Rows: one for each queue, ordered by name.
-- Guard: none, reads only.
select name
from queues
order by name
limit 10000
