-- Purpose: reads the transitions committed since a snapshot and visible in a later one.
-- Parameters: $1 xmax of the earlier snapshot, $2 the transactions that were in progress in it, $3
--   the later snapshot, $4 $5 the last (xid, seq) read of this span, $6 limit
-- Rows: at most $6, in the order (xid, seq); when there is none, one row with only the floor (see
--   feed_now.sql). The floor comes with the rows, from the same snapshot: the reader always notices
--   when the archive takes rows away meanwhile.
-- Guard: none, reads only. Why nothing is skipped and nothing stalls it:
--   migrations/0002_projection.sql.
select
  s.job_id, s.version, s.from_status, s.status, s.attempt, s.actor, s.reason, s.at,
  -- A requeued job's earlier output can be megabytes, and a page holds many transitions. The
  -- history has the whole output.
  case when pg_column_size(s.detail) <= 16384 then s.detail end as detail,
  j.kind, j.queue, s.xid::text as xid, s.seq::text as seq, a.feed_floor::text as floor
from archive_state a
left join (
  lockstep_feed_page($1::xid8, $2::xid8[], $3::pg_snapshot, $4::xid8, $5::bigint, $6::integer) s
  join jobs j on j.id = s.job_id
) on true
order by s.xid, s.seq
