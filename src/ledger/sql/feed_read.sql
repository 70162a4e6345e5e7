-- Purpose: the transitions committed since a snapshot and visible in a later one.
-- Parameters: $1 xmax of the earlier snapshot, $2 the transactions that were under way in it, $3 the later snapshot,
--   $4 $5 the last (xid, seq) read of this span, $6 limit
-- Rows: at most $6, in the order (xid, seq); when there is none, one with nothing but the floor (see feed_now.sql). The floor comes
--   with the rows, out of one snapshot: lines that the archive takes away meanwhile cannot be missed unnoticed.
-- Guard: none, reads only. A transaction visible in the later snapshot and not in the earlier one either was under way
--   in the earlier one or had not begun: nothing is skipped, nothing is read twice, and no open transaction stalls it.
--   Two branches, so that an old transaction costs one look-up and not a walk over everything since it began.
with span as materialized (
  (
    select t.job_id, t.version, t.from_status, t.status, t.attempt, t.actor, t.reason, t.detail, t.at, t.xid, t.seq
    from transitions t
    where t.xid = any($2::xid8[])
      and (t.xid, t.seq) > ($4::xid8, $5::bigint)
      and pg_visible_in_snapshot(t.xid, $3::pg_snapshot)
    order by t.xid, t.seq
    limit $6
  )
  union all
  (
    select t.job_id, t.version, t.from_status, t.status, t.attempt, t.actor, t.reason, t.detail, t.at, t.xid, t.seq
    from transitions t
    where t.xid >= $1::xid8
      and (t.xid, t.seq) > ($4::xid8, $5::bigint)
      and pg_visible_in_snapshot(t.xid, $3::pg_snapshot)
    order by t.xid, t.seq
    limit $6
  )
)
select
  s.job_id, s.version, s.from_status, s.status, s.attempt, s.actor, s.reason, s.at,
  -- A requeued job's earlier output can be megabytes, and a page holds many lines; the history has it whole.
  case when pg_column_size(s.detail) <= 16384 then s.detail end as detail,
  j.kind, j.queue, s.xid::text as xid, s.seq::text as seq, a.feed_floor::text as floor
from archive_state a
left join (span s join jobs j on j.id = s.job_id) on true
order by s.xid, s.seq
limit $6
