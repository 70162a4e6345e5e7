-- Claims from queues that have limits (0007). They are functions, so that each step has its own
-- snapshot and no client holds the lock.

-- Like lockstep_room, for one key with whatever limit it has.
create function lockstep_key_room(of_queue text, of_key text, moment timestamptz, out free integer, out wait_ms double precision)
language plpgsql stable
set search_path from current
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
  own queue_limits;
begin
  select l.* into own from lockstep_key_limit(of_queue, of_key) l;
  if not found then
    free := 2147483647;
    return;
  end if;
  select r.free, r.wait_ms into free, wait_ms
  from lockstep_room(
    own, of_key, (select count(*) from jobs j where j.queue = of_queue and j.limit_key = of_key and j.status = 'running'), moment
  ) r;
end
$$;

-- The first claimable jobs of a queue with limits by key: for each key as many as its limit allows,
-- and also the jobs without a key. It goes from key to key in the index and skips everything that
-- waits because of a key's limit. Rows without an id say how long a key waits for its rate.
create function lockstep_first_of_keys(of_queue text, of_kinds text[], at_most integer, moment timestamptz)
returns table (id uuid, wait_ms double precision)
language plpgsql volatile
set search_path from current
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = on
as $$
#variable_conflict use_column
begin
  return query
  with recursive waiting(key) as (
    select (
      select j.limit_key
      from jobs j
      where j.queue = of_queue and j.status = 'pending' and j.ready_at is not null and j.limit_key is not null
      order by j.limit_key
      limit 1
    )
    union all
    select (
      select j.limit_key
      from jobs j
      where j.queue = of_queue and j.status = 'pending' and j.ready_at is not null and j.limit_key > w.key
      order by j.limit_key
      limit 1
    )
    from waiting w
    where w.key is not null
  ),
  running as materialized (
    select j.limit_key as key, count(*) as n
    from jobs j
    where j.queue = of_queue and j.status = 'running' and j.limit_key is not null
    group by j.limit_key
  ),
  limited as materialized (
    select w.key, coalesce(r.n, 0) as running,
      case when k.queue is null then e.concurrency else k.concurrency end as concurrency,
      case when k.queue is null then e.rate_count else k.rate_count end as rate_count,
      case when k.queue is null then e.rate_ms else k.rate_ms end as rate_ms
    from waiting w
    left join running r on r.key = w.key
    left join queue_limits k on k.queue = of_queue and k.scope = 'key' and k.key = w.key
    left join queue_limits e on e.queue = of_queue and e.scope = 'each_key'
    where w.key is not null
  ),
  -- The same calculation as lockstep_room, for all keys at once: calling it for each key took three
  -- times as long.
  room as materialized (
    select l.key,
      least(coalesce(l.concurrency, 2147483647) - l.running, coalesce(l.rate_count, 2147483647) - coalesce(f.n, 0)) as free,
      case when f.n >= l.rate_count then greatest(0, (f.oldest + 101) * (l.rate_ms / 100.0) - extract(epoch from moment) * 1000) end as wait_ms
    from limited l
    left join limit_starts s on s.queue = of_queue and s.key = l.key and l.rate_count is not null
    left join lateral lockstep_started(s.starts, s.newest, greatest(s.newest, lockstep_slice(moment, l.rate_ms))) f on s.queue is not null
  )
  select f.id, null::double precision
  from room
  cross join lateral (
    select j.id
    from jobs j
    where j.queue = of_queue and j.status = 'pending' and j.ready_at is not null and j.limit_key = room.key and j.kind = any(of_kinds)
    order by j.priority, j.ready_at, j.id
    limit least(room.free, at_most)::integer
    for update skip locked
  ) f
  where room.free > 0
  union all
  select f.id, null::double precision
  from (
    select j.id
    from jobs j
    where j.queue = of_queue and j.status = 'pending' and j.ready_at is not null and j.limit_key is null and j.kind = any(of_kinds)
    order by j.priority, j.ready_at, j.id
    limit at_most
    for update skip locked
  ) f
  union all
  select null::uuid, room.wait_ms::double precision
  from room
  where room.wait_ms is not null;
end
$$;

-- Grants jobs of a queue that has limits: the jobs in `named_jobs` to the workers given beside
-- them, or else the first jobs of the queue to one worker. Each claim from the queue waits here for
-- the one before it, and each statement in here has its own snapshot. So everything granted before
-- is counted, and a limit holds exactly, however many processes claim. Nobody holds the lock while
-- talking to a client.
-- Rows: one for each job granted; or one without a job, when a rate says how long to wait for the
--   next.
create function lockstep_claim_limited(
  of_queue text, for_worker uuid, of_kinds text[], at_most integer, named_jobs uuid[], named_workers uuid[]
) returns table (job jobs, wait_ms double precision)
language plpgsql volatile
set search_path from current
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
  moment timestamptz;
  own queue_limits;
  room record;
  by_key boolean;
  budget integer := at_most;
  wait double precision;
  chosen uuid[];
  granted jobs[];
begin
  perform from queues q where q.name = of_queue and q.paused_at is null for no key update;
  if not found then
    return;
  end if;
  moment := clock_timestamp();
  select l.* into own from queue_limits l where l.queue = of_queue and l.scope = 'queue';
  if found then
    select r.free, r.wait_ms into room
    from lockstep_room(own, '', (select count(*) from jobs j where j.queue = of_queue and j.status = 'running'), moment) r;
    budget := least(budget, room.free);
    wait := room.wait_ms;
  end if;
  by_key := exists (select from queue_limits l where l.queue = of_queue and l.scope <> 'queue');
  if budget > 0 then
    if named_jobs is not null then
      select array_agg(p.id) into chosen
      from (
        select j.id
        from unnest(named_jobs) n(id)
        join jobs j on j.id = n.id
        where j.queue = of_queue and j.status = 'pending' and j.ready_at is not null
        order by j.priority, j.ready_at, j.id
        for update of j skip locked
      ) p;
    elsif not by_key then
      select array_agg(p.id) into chosen
      from (
        select j.id
        from jobs j
        where j.queue = of_queue and j.status = 'pending' and j.ready_at is not null and j.kind = any(of_kinds)
        order by j.priority, j.ready_at, j.id
        limit budget
        for update skip locked
      ) p;
    else
      select array_agg(p.id) filter (where p.id is not null), least(wait, min(p.wait_ms)) into chosen, wait
      from lockstep_first_of_keys(of_queue, of_kinds, budget, moment) p;
    end if;
    with asked as materialized (
      select j.id, j.priority, j.ready_at, j.limit_key,
        row_number() over (partition by j.limit_key order by j.priority, j.ready_at, j.id) as nth
      from jobs j
      where j.id = any(chosen)
    ),
    keys as materialized (
      select k.limit_key, r.free
      from (select distinct a.limit_key from asked a where a.limit_key is not null and by_key) k
      cross join lateral lockstep_key_room(of_queue, k.limit_key, moment) r
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
      update jobs j
      set
        version = j.version + 1,
        status = 'running',
        attempt = j.attempt + 1,
        worker_id = coalesce(for_worker, named_workers[array_position(named_jobs, j.id)]),
        actor = 'worker:' || coalesce(for_worker, named_workers[array_position(named_jobs, j.id)]),
        reason = 'claimed',
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
    if own.rate_count is not null then
      perform lockstep_note_starts(of_queue, '', moment, own.rate_ms, cardinality(granted));
    end if;
    if by_key then
      perform lockstep_note_starts(of_queue, g.limit_key, moment, g.rate_ms, g.n)
      from (
        select u.limit_key, l.rate_ms, count(*)::integer as n
        from unnest(granted) u
        cross join lateral lockstep_key_limit(of_queue, u.limit_key) l
        where u.limit_key is not null and l.rate_count is not null
        group by u.limit_key, l.rate_ms
      ) g;
    end if;
  end if;
  return query select u, null::double precision from unnest(granted) u;
  if wait is not null and coalesce(cardinality(granted), 0) < at_most then
    return query select null::jobs, wait;
  end if;
end
$$;
