-- Purpose: counts the transitions of each kind, status and reason that were committed since a
--   snapshot and are visible in a later one.
-- Parameters: as in feed_read.sql: $1 xmax of the earlier snapshot, $2 the transactions in progress
--   in it, $3 the later snapshot, $4 $5 the last (xid, seq) read of this span, $6 limit of
--   transitions
-- Rows: one for each kind, status and reason; when there is no transition, one row with only the
--   floor. Every row repeats: how many transitions the page has, the last (xid, seq) of it, and the
--   floor (see feed_now.sql).
-- Guard: none, reads only. The span is that of feed_read.sql; counting here saves the reader almost
--   all rows.
with span as materialized (
  (
    select t.job_id, t.status, t.reason, t.xid, t.seq
    from transitions t
    where t.xid = any($2::xid8[])
      and (t.xid, t.seq) > ($4::xid8, $5::bigint)
      and pg_visible_in_snapshot(t.xid, $3::pg_snapshot)
    order by t.xid, t.seq
    limit $6
  )
  union all
  (
    select t.job_id, t.status, t.reason, t.xid, t.seq
    from transitions t
    where t.xid >= $1::xid8
      and (t.xid, t.seq) > ($4::xid8, $5::bigint)
      and pg_visible_in_snapshot(t.xid, $3::pg_snapshot)
    order by t.xid, t.seq
    limit $6
  )
), page as materialized (
  select s.job_id, s.status, s.reason, s.xid, s.seq
  from span s
  order by s.xid, s.seq
  limit $6
), last as materialized (
  select p.xid::text as xid, p.seq::text as seq, (select count(*)::integer from page) as events
  from page p
  order by p.xid desc, p.seq desc
  limit 1
), tally as materialized (
  select j.kind, p.status, p.reason, count(*)::integer as n
  from page p
  join jobs j on j.id = p.job_id
  group by j.kind, p.status, p.reason
)
select t.kind, t.status, t.reason, t.n, l.events, l.xid, l.seq, a.feed_floor::text as floor
from archive_state a
left join last l on true
left join tally t on true
