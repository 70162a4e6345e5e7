-- Purpose: lists the registered workers and the jobs they hold.
-- Parameters: $1 lease in seconds, $2 one worker's id, or null for the newest thousand
-- Rows: one for each, live ones first.
-- Guard: none, reads only.
with held as materialized (
  select worker_id, count(*)::integer as running
  from lockstep.running_jobs
  where $2::uuid is null or worker_id = $2::uuid
  group by worker_id
)
select
  w.id, w.name, w.host, w.pid, w.queues, w.kinds, w.concurrency, w.started_at, w.heartbeat_at,
  round(extract(epoch from (clock_timestamp() - greatest(w.heartbeat_at, w.started_at)))::numeric, 3)::double precision as heartbeat_age_seconds,
  w.draining,
  coalesce(held.running, 0) as running,
  w.heartbeat_at between clock_timestamp() - $1::double precision * interval '1 second' and clock_timestamp() + $1::double precision * interval '1 second' as live
from lockstep.workers w
left join held on held.worker_id = w.id
where $2::uuid is null or w.id = $2::uuid
order by live desc, w.started_at desc
limit 1000
