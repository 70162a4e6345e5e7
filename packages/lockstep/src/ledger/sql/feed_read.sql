-- Purpose: reads the transitions committed since a snapshot and visible in a later one.
-- Parameters: $1 xmax of the earlier snapshot, $2 the transactions that were in progress in it, $3
--   the later snapshot, $4 $5 the last (xid, seq) read of this span, $6 limit
-- Rows: at most $6, in the order (xid, seq); when there is none, one row with only the floor (see
--   feed_now.sql). The floor comes with the rows, from the same snapshot: the reader always notices
--   when changes are deleted meanwhile. `gone`: the job was moved to the archive.
-- Guard: none, reads only. Why nothing is skipped and nothing stalls it: functions/feed_page.sql.
select
  s.job_id, s.version, p.status as from_status, s.status, t.attempt, t.actor, t.reason, t.at,
  -- A requeued job's earlier output can be megabytes, and a page holds many transitions. The
  -- history has the whole output.
  case when pg_column_size(t.detail) <= 16384 then t.detail end as detail,
  j.kind, j.queue, s.xid::text as xid, s.seq::text as seq, f.floor::text as floor,
  t.job_id is null as gone, clock_timestamp() as as_of
from lockstep.feed_state f
left join (
  lockstep.feed_page($1::xid8, $2::xid8[], $3::pg_snapshot, $4::xid8, $5::bigint, $6::integer) s
  left join lockstep.jobs j on j.id = s.job_id
  left join lockstep.transitions t on t.job_id = j.id and t.version = s.version
  left join lockstep.transitions p on p.job_id = j.id and p.version = s.version - 1
) on true
order by s.xid, s.seq
