-- Purpose: reads the facts that explain a job's status.
-- Parameters: $1 id, $2 lease in seconds
-- Rows: one, when the job exists.
-- Guard: none, reads only.
select
  j.id, j.kind, j.queue, j.status, j.version, j.attempt, j.failures, j.max_attempts, j.priority, j.error, j.worker_id, j.reason, j.actor,
  j.progress, j.run_at, j.ready_at, j.deadline_at, j.started_at, j.finished_at, j.cancel_requested_at,
  clock_timestamp() as as_of,
  round(extract(epoch from (j.run_at - clock_timestamp()))::numeric, 1)::double precision as due_in_seconds,
  round(extract(epoch from (clock_timestamp() - j.started_at))::numeric, 1)::double precision as running_seconds,
  q.paused_at,
  (
    select count(*)::integer
    from lockstep.workers w
    where (w.queues = '{}' or j.queue = any(w.queues)) and j.kind = any(w.kinds) and not w.draining
      and w.heartbeat_at between clock_timestamp() - $2::double precision * interval '1 second' and clock_timestamp() + $2::double precision * interval '1 second'
  ) as workers_fit,
  (
    select max(w.heartbeat_at)
    from lockstep.workers w
    where (w.queues = '{}' or j.queue = any(w.queues)) and j.kind = any(w.kinds) and w.heartbeat_at > '-infinity'
  ) as last_fit_at,
  (
    select count(*)::integer
    from lockstep.workers w
    where j.kind = any(w.kinds) and not w.draining
      and w.heartbeat_at >= clock_timestamp() - $2::double precision * interval '1 second'
  ) as workers_of_kind,
  k.recorded_at as kind_recorded_at,
  k.queue as kind_queue,
  (
    select count(*)::integer
    from (
      select
      from lockstep.jobs a
      where a.queue = j.queue and a.ready_at is not null
        and (a.priority, a.ready_at, a.id) < (j.priority, j.ready_at, j.id)
      limit 1000
    ) ahead
  ) as ahead,
  (select w.name from lockstep.workers w where w.id = j.worker_id) as worker_name,
  (
    select round(extract(epoch from (clock_timestamp() - w.heartbeat_at))::numeric, 1)::double precision
    from lockstep.workers w
    where w.id = j.worker_id and w.heartbeat_at > '-infinity'
  ) as heartbeat_age_seconds,
  (select count(*)::integer from lockstep.late_results l where l.job_id = j.id) as late_results,
  j.limit_key,
  (
    select jsonb_build_object(
      'concurrency', l.concurrency, 'rate_count', l.rate_count, 'rate_ms', l.rate_ms,
      'running', (select count(*) from lockstep.running_jobs r where r.queue = j.queue),
      'started', coalesce((
        select f.n
        from lockstep.limit_starts s
        cross join lateral lockstep.started(s.starts, s.newest, greatest(s.newest, lockstep.slice(clock_timestamp(), l.rate_ms))) f
        where s.queue = j.queue and s.key = ''
      ), 0)
    )
    from lockstep.queue_limits l
    where l.queue = j.queue and l.scope = 'queue'
  ) as queue_limit,
  (
    select jsonb_build_object(
      'concurrency', l.concurrency, 'rate_count', l.rate_count, 'rate_ms', l.rate_ms,
      'running', (select count(*) from lockstep.running_jobs r where r.queue = j.queue and r.limit_key = j.limit_key),
      'started', coalesce((
        select f.n
        from lockstep.limit_starts s
        cross join lateral lockstep.started(s.starts, s.newest, greatest(s.newest, lockstep.slice(clock_timestamp(), l.rate_ms))) f
        where s.queue = j.queue and s.key = j.limit_key
      ), 0)
    )
    from lockstep.key_limit(j.queue, j.limit_key) l
    where j.limit_key is not null
  ) as key_limit
from lockstep.jobs j
left join lockstep.queues q on q.name = j.queue
left join lockstep.kinds k on k.name = j.kind
where j.id = $1
