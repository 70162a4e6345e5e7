-- Purpose: reads the transitions committed since a snapshot and visible in a later one, grouped by
--   job.
-- Parameters: as in feed_read.sql: $1 xmax of the earlier snapshot, $2 the transactions in progress
--   in it, $3 the later snapshot, $4 $5 the last (xid, seq) read of this span, $6 limit of
--   transitions
-- Rows: one per job. versions: its transitions as JSON pairs, oldest first. Every row repeats: how
--   many transitions the page has, how many of them completed a job, how many seconds ago the
--   oldest was made, and the last (xid, seq).
-- Guard: none, reads only. Grouping them here saves the reader two rows out of three.
with page as materialized (
  select s.job_id, s.version, s.status, s.at, s.xid, s.seq
  from lockstep.feed_page($1::xid8, $2::xid8[], $3::pg_snapshot, $4::xid8, $5::bigint, $6::integer) s
), last as materialized (
  select p.xid, p.seq
  from page p
  order by p.xid desc, p.seq desc
  limit 1
), total as materialized (
  select
    count(*)::integer as events,
    (count(*) filter (where p.status = 'completed'))::integer as completed,
    extract(epoch from clock_timestamp() - min(p.at))::double precision as oldest_seconds
  from page p
), gathered as (
  select
    p.job_id,
    string_agg('[' || p.version || ',"' || p.status || '"]', ',' order by p.version) as versions
  from page p
  group by p.job_id
)
select
  g.job_id,
  g.versions,
  t.events,
  t.completed,
  t.oldest_seconds,
  l.xid::text as xid,
  l.seq::text as seq
from gathered g
cross join last l
cross join total t
