-- Purpose: counts the jobs of each status. Counts stop at 10,000.
-- Parameters: $1 lease in seconds
-- Rows: one.
-- Guard: none, reads only.
select
  (select count(*)::integer from (select from lockstep.jobs where ready_at is not null limit 10000) capped) as ready,
  (select count(*)::integer from (select from lockstep.jobs where due_at is not null limit 10000) capped) as delayed,
  (select count(*)::integer from (select from lockstep.running_jobs limit 10000) capped) as running,
  (select count(*)::integer from (select from lockstep.jobs where status = 'completed' limit 10000) capped) as completed,
  (select count(*)::integer from (select from lockstep.jobs where failed_at is not null limit 10000) capped) as failed,
  (select count(*)::integer from (select from lockstep.jobs where cancelled_at is not null limit 10000) capped) as cancelled,
  (
    select min(ready_at)
    from (select ready_at from lockstep.jobs where ready_at is not null limit 10000) capped
  ) as oldest_ready_at,
  (
    select count(*)::integer
    from lockstep.workers
    where heartbeat_at between clock_timestamp() - $1::double precision * interval '1 second' and clock_timestamp() + $1::double precision * interval '1 second'
  ) as workers_live,
  clock_timestamp() as as_of
