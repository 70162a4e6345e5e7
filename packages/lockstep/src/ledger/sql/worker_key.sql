-- Purpose: finds out which API key registered a worker.
-- Parameters: $1 worker
-- Rows: one, with null when no key registered it; none when there is no such worker.
-- Guard: none, reads only. A worker keeps the key of its first registration.
select key_id
from lockstep.workers
where id = $1
