-- Grants jobs of a queue that has limits: the jobs in `named_jobs` to the workers given beside
-- them, or else the first jobs of the queue to one worker. Each claim from the queue waits here for
-- the one before it, and each statement in here has its own snapshot. So everything granted before
-- is counted, and a limit holds exactly, however many processes claim. Nobody holds the lock while
-- talking to a client.
-- Rows: one for each job granted; or one without a job, when a rate says how long to wait for the
--   next.
create function lockstep.claim_limited(
  of_queue text, for_worker uuid, with_token uuid, of_kinds text[], at_most integer, named_jobs uuid[], named_workers uuid[]
) returns table (job lockstep.jobs, wait_ms double precision)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
  moment timestamptz;
  own lockstep.queue_limits;
  room record;
  by_key boolean;
  budget integer := at_most;
  wait double precision;
  chosen uuid[];
  granted lockstep.jobs[];
begin
  perform from lockstep.queues q where q.name = of_queue and q.paused_at is null for no key update;
  if not found then
    return;
  end if;
  moment := clock_timestamp();
  select l.* into own from lockstep.queue_limits l where l.queue = of_queue and l.scope = 'queue';
  if found then
    select r.free, r.wait_ms into room
    from lockstep.limit_room(own, '', (select count(*) from lockstep.running_jobs j where j.queue = of_queue), moment) r;
    budget := least(budget, room.free);
    wait := room.wait_ms;
  end if;
  by_key := exists (select from lockstep.queue_limits l where l.queue = of_queue and l.scope <> 'queue');
  if budget > 0 then
    if named_jobs is not null then
      select array_agg(p.id) into chosen
      from (
        select j.id
        from unnest(named_jobs) n(id)
        join lockstep.jobs j on j.id = n.id
        where j.queue = of_queue and j.ready_at is not null
        order by j.priority, j.ready_at, j.id
        for update of j skip locked
      ) p;
    elsif not by_key then
      select array_agg(p.id) into chosen
      from (
        select j.id
        from lockstep.jobs j
        where j.queue = of_queue and j.ready_at is not null and j.kind = any(of_kinds)
        order by j.priority, j.ready_at, j.id
        limit budget
        for update skip locked
      ) p;
    else
      select array_agg(p.id) filter (where p.id is not null), least(wait, min(p.wait_ms)) into chosen, wait
      from lockstep.first_of_keys(of_queue, of_kinds, budget, moment) p;
    end if;
    with asked as materialized (
      select j.id, j.priority, j.ready_at, j.limit_key,
        row_number() over (partition by j.limit_key order by j.priority, j.ready_at, j.id) as nth
      from lockstep.jobs j
      where j.id = any(chosen)
    ),
    keys as materialized (
      select k.limit_key, r.free
      from (select distinct a.limit_key from asked a where a.limit_key is not null and by_key) k
      cross join lateral lockstep.key_room(of_queue, k.limit_key, moment) r
    ),
    picked as materialized (
      select a.id
      from asked a
      left join keys k on k.limit_key = a.limit_key
      where k.free is null or a.nth <= k.free
      order by a.priority, a.ready_at, a.id
      limit budget
    ),
    claimed as (
      update lockstep.jobs j
      set
        version = j.version + 1,
        status = 'running',
        attempt = j.attempt + 1,
        worker_id = coalesce(for_worker, named_workers[array_position(named_jobs, j.id)]),
        actor = 'worker:' || coalesce(for_worker, named_workers[array_position(named_jobs, j.id)]),
        reason = 'claimed',
        claim_token = with_token,
        ready_at = null,
        started_at = moment,
        deadline_at = moment + j.timeout_ms * interval '1 millisecond',
        progress = null
      from picked p
      where j.id = p.id and j.status = 'pending'
      returning j as row
    )
    select array_agg(c.row) into granted from claimed c;
  end if;
  if granted is not null then
    insert into lockstep.claims (token, worker_id, queue, job_ids)
    select with_token, u.worker_id, of_queue, array_agg(u.id)
    from unnest(granted) u
    group by u.worker_id;
    if own.rate_count is not null then
      perform lockstep.note_starts(of_queue, '', moment, own.rate_ms, cardinality(granted));
    end if;
    if by_key then
      perform lockstep.note_starts(of_queue, g.limit_key, moment, g.rate_ms, g.n)
      from (
        select u.limit_key, l.rate_ms, count(*)::integer as n
        from unnest(granted) u
        cross join lateral lockstep.key_limit(of_queue, u.limit_key) l
        where u.limit_key is not null and l.rate_count is not null
        group by u.limit_key, l.rate_ms
      ) g;
    end if;
  end if;
  return query select u, null::double precision from unnest(granted) u;
  if wait is not null and coalesce(cardinality(granted), 0) < at_most then
    return query select null::lockstep.jobs, wait;
  end if;
end
$$;
