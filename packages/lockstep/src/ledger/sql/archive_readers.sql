-- Purpose: lists the readers of the feed that the archive waits for, the farthest behind first.
-- Parameters: none
-- Rows: one for each reader.
-- Guard: none, reads only.
select
  c.name,
  c.updated_at,
  round(extract(epoch from (clock_timestamp() - c.updated_at))::numeric, 1)::double precision as silent_seconds
from lockstep.feed_cursors c
where c.position like (select f.id::text || '/%' from lockstep.feed_state f)
  and c.updated_at > clock_timestamp() - interval '25 hours'
order by pg_snapshot_xmin(split_part(c.position, '/', 2)::pg_snapshot), c.name
limit 100
