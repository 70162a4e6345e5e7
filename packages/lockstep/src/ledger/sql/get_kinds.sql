-- Purpose: reads kinds of jobs.
-- Parameters: $1 names, or null for all; $2 the name before the first one; $3 how many at most
-- Rows: one for each known kind, ordered by name.
-- Guard: none, reads only.
select
  name as kind, queue, priority, max_attempts, timeout_ms, backoff, limit_key, description, input_schema, version_hash, recorded_at
from lockstep.kinds
where ($1::text[] is null or name = any($1))
  and name > $2
order by name
limit $3
