-- Purpose: reads a page of the walk over jobs by id, and returns the jobs in it that can be
--   archived.
-- Parameters: $1 the last id seen, $2 the id to stop before, $3 jobs that finished before this
--   time, $4 rows to examine, $5 jobs to return
-- Rows: one for each finished job that is old enough, ordered by id, at most $5; one row with a
--   null id when there is none. `held`: a reader of the feed, or a transaction that is still open,
--   may not have seen the job's whole history.
-- Guard: none, reads only. Walks by id, which is roughly the order of creation: an index on
--   finished_at would cost every job that ends, for a walk that is done once a day. The horizon
--   only grows, so a transition that it has passed once stays passed. A reader that was silent for
--   a day starts again by itself; the extra hour is for a reader that is reading its cursor now.
--   A reader that is more than ten thousand statements behind holds every job.
with horizon as materialized (
  select least(
    pg_snapshot_xmin(pg_current_snapshot()),
    (
      select pg_snapshot_xmin(split_part(c.position, '/', 2)::pg_snapshot)
      from lockstep.feed_cursors c
      where c.position like (select f.id::text || '/%' from lockstep.feed_state f)
        and c.updated_at > clock_timestamp() - interval '25 hours'
      order by 1
      limit 1
    )
  ) as xid
),
page as materialized (
  select j.id, j.version, j.status, j.finished_at,
    pg_column_size(j.input) + coalesce(pg_column_size(j.output), 0) + coalesce(pg_column_size(j.error), 0) as stored_bytes
  from lockstep.jobs j
  where j.id > $1::uuid
    and j.id < $2::uuid
  order by j.id
  limit $4
),
old as materialized (
  select p.id, p.version, p.finished_at, p.stored_bytes
  from page p
  where p.status in ('completed', 'failed', 'cancelled')
    and p.finished_at < $3::timestamptz
  order by p.id
  limit $5
),
ahead as materialized (
  select c.job_ids
  from lockstep.changes c
  where c.xid >= (select h.xid from horizon h)
  order by c.xid, c.seq
  limit 10001
),
unread as materialized (
  select distinct u.id
  from ahead a
  cross join lateral unnest(a.job_ids) u(id)
  where exists (select from old)
)
select
  o.id, o.version, o.finished_at,
  (o.stored_bytes + history.stored_bytes + late.stored_bytes)::integer as stored_bytes,
  (select count(*) from ahead) > 10000 or o.id in (select u.id from unread u) as held,
  (select count(*)::integer from page) as examined,
  (select p.id from page p order by p.id desc limit 1) as examined_up_to
from (select) one
left join old o on true
cross join lateral (
  select coalesce(sum(pg_column_size(t.detail)), 0) as stored_bytes
  from lockstep.transitions t
  where t.job_id = o.id
) history
cross join lateral (
  select coalesce(sum(pg_column_size(l.outcome)), 0) as stored_bytes
  from lockstep.late_results l
  where l.job_id = o.id
) late
order by o.id
