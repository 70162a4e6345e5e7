-- Claims from several queues for one worker: at most `per_queue` jobs of each, in the order of the
-- names, and `at_most` in all. Each queue is scanned from its own cursor.
-- Rows: `job` for each job granted with its place in the queue, in the order of the names; then
--   `limited_queue` for each queue that has limits, from which nothing is claimed here.
create function lockstep.claim_queues(
  for_worker uuid, with_token uuid, of_kinds text[], names text[], after_priorities smallint[], after_ready_ats timestamptz[],
  after_ids uuid[], per_queue integer, at_most integer
) returns table (job lockstep.jobs, place_ready_at timestamptz, limited_queue text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_bitmapscan = off
set jit = off
as $$
declare
  moment timestamptz := clock_timestamp();
begin
  return query
  with asked as materialized (
    select u.name, u.after_priority, u.after_ready_at, u.after_id, u.nth
    from unnest(names, after_priorities, after_ready_ats, after_ids) with ordinality u(name, after_priority, after_ready_at, after_id, nth)
    where not exists (select from lockstep.queues q where q.name = u.name and (q.paused_at is not null or q.limited))
  ),
  picked as materialized (
    select p.id, p.ready_at, a.nth
    from asked a
    cross join lateral (
      select c.id, c.ready_at
      from lockstep.jobs c
      where c.queue = a.name
        and c.ready_at is not null
        and (c.priority, c.ready_at, c.id) > (a.after_priority, a.after_ready_at, a.after_id)
        and c.kind = any(of_kinds)
      order by c.priority, c.ready_at, c.id
      limit per_queue
      for update skip locked
    ) p
    limit at_most
  ),
  claimed as (
    update lockstep.jobs as j
    set
      version = j.version + 1,
      status = 'running',
      attempt = j.attempt + 1,
      worker_id = for_worker,
      claim_token = with_token,
      actor = 'worker:' || for_worker,
      reason = 'claimed',
      ready_at = null,
      started_at = moment,
      deadline_at = moment + j.timeout_ms * interval '1 millisecond',
      progress = null
    from picked
    where j.id = picked.id
      and j.status = 'pending'
    returning j as job, picked.ready_at, picked.nth
  ),
  noted as (
    insert into lockstep.claims (token, worker_id, queue, job_ids)
    select with_token, for_worker, (c.job).queue, array_agg((c.job).id)
    from claimed c
    group by (c.job).queue
  )
  select c.job, c.ready_at, null::text
  from claimed c
  order by c.nth, (c.job).priority, c.ready_at, (c.job).id;
  return query
  select null::lockstep.jobs, null::timestamptz, q.name
  from lockstep.queues q
  where q.name = any(names)
    and q.limited
    and q.paused_at is null;
end
$$;
