-- Purpose: counts the transitions of each kind, status and reason that were committed since a
--   snapshot and are visible in a later one.
-- Parameters: as in feed_read.sql: $1 xmax of the earlier snapshot, $2 the transactions in progress
--   in it, $3 the later snapshot, $4 $5 the last (xid, seq) read of this span, $6 limit of
--   transitions
-- Rows: one for each kind, status and reason; kind and reason are null for jobs that were moved to
--   the archive. When there is no transition, one row with only the floor. Every row repeats: how
--   many transitions the page has, the last (xid, seq) of it, and the floor (see feed_now.sql).
-- Guard: none, reads only. Counting here saves the reader almost all rows.
with page as materialized (
  select s.job_id, s.version, s.status, s.xid, s.seq
  from lockstep.feed_page($1::xid8, $2::xid8[], $3::pg_snapshot, $4::xid8, $5::bigint, $6::integer) s
), last as materialized (
  select p.xid::text as xid, p.seq::text as seq, (select count(*)::integer from page) as events
  from page p
  order by p.xid desc, p.seq desc
  limit 1
), tally as materialized (
  select j.kind, p.status, t.reason, count(*)::integer as n
  from page p
  left join lockstep.jobs j on j.id = p.job_id
  left join lockstep.transitions t on t.job_id = j.id and t.version = p.version
  group by j.kind, p.status, t.reason
)
select t.kind, t.status, t.reason, t.n, l.events, l.xid, l.seq, f.floor::text as floor
from lockstep.feed_state f
left join last l on true
left join tally t on true
