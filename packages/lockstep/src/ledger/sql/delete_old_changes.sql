-- Purpose: deletes the oldest changes, once they are older than the feed keeps them.
-- Parameters: $1 seconds that changes are kept, $2 limit
-- Rows: one: how many were deleted.
-- Guard: the floor rises in the same statement, so a reader that is farther behind notices.
with oldest as materialized (
  select c.xid, c.seq, c.at
  from lockstep.changes c
  order by c.xid, c.seq
  limit $2
),
gone as (
  delete from lockstep.changes c
  using oldest o
  where c.xid = o.xid
    and c.seq = o.seq
    and o.at < clock_timestamp() - $1::double precision * interval '1 second'
  returning c.xid
),
newest as materialized (
  select max(xid::text::numeric)::text::xid8 as xid, count(*)::integer as deleted
  from gone
),
raised as (
  update lockstep.feed_state f
  set floor = n.xid
  from newest n
  where n.xid > f.floor
)
select deleted
from newest
