-- The first claimable jobs of a queue with limits by key: for each key as many as its limit allows,
-- and also the jobs without a key. It goes from key to key in the index and skips everything that
-- waits because of a key's limit. Rows without an id say how long a key waits for its rate.
-- It locks only the jobs that it grants, not the first job of every key that waits: with a thousand
-- such keys that took half a second. It examines a hundred jobs more than requested, because other
-- transactions may hold a lock on some.
create function lockstep.first_of_keys(of_queue text, of_kinds text[], at_most integer, moment timestamptz)
returns table (id uuid, wait_ms double precision)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
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
      from lockstep.jobs j
      where j.queue = of_queue and j.ready_at is not null and j.limit_key is not null
      order by j.limit_key
      limit 1
    )
    union all
    select (
      select j.limit_key
      from lockstep.jobs j
      where j.queue = of_queue and j.ready_at is not null and j.limit_key > w.key
      order by j.limit_key
      limit 1
    )
    from waiting w
    where w.key is not null
  ),
  running as materialized (
    select j.limit_key as key, count(*) as n
    from lockstep.running_jobs j
    where j.queue = of_queue and j.limit_key is not null
    group by j.limit_key
  ),
  limited as materialized (
    select w.key, coalesce(r.n, 0) as running,
      case when k.queue is null then e.concurrency else k.concurrency end as concurrency,
      case when k.queue is null then e.rate_count else k.rate_count end as rate_count,
      case when k.queue is null then e.rate_ms else k.rate_ms end as rate_ms
    from waiting w
    left join running r on r.key = w.key
    left join lockstep.queue_limits k on k.queue = of_queue and k.scope = 'key' and k.key = w.key
    left join lockstep.queue_limits e on e.queue = of_queue and e.scope = 'each_key'
    where w.key is not null
  ),
  -- The same calculation as lockstep.limit_room, for all keys at once: calling it for each key took
  -- three times as long.
  room as materialized (
    select l.key,
      least(coalesce(l.concurrency, 2147483647) - l.running, coalesce(l.rate_count, 2147483647) - coalesce(f.n, 0)) as free,
      case when f.n >= l.rate_count then greatest(0, (f.oldest + 101) * (l.rate_ms / 100.0) - extract(epoch from moment) * 1000) end as wait_ms
    from limited l
    left join lockstep.limit_starts s on s.queue = of_queue and s.key = l.key and l.rate_count is not null
    left join lateral lockstep.started(s.starts, s.newest, greatest(s.newest, lockstep.slice(moment, l.rate_ms))) f on s.queue is not null
  )
  select f.id, null::double precision
  from (
    select j.id
    from lockstep.jobs j
    where j.id in (
        select h.id
        from (
          (
            select first.*
            from room
            cross join lateral (
              select j.id, j.priority, j.ready_at
              from lockstep.jobs j
              where j.queue = of_queue and j.ready_at is not null and j.limit_key = room.key
                and j.kind = any(of_kinds)
              order by j.priority, j.ready_at, j.id
              limit least(room.free, at_most)::integer
            ) first
            where room.free > 0
          )
          union all
          (
            select j.id, j.priority, j.ready_at
            from lockstep.jobs j
            where j.queue = of_queue and j.ready_at is not null and j.limit_key is null and j.kind = any(of_kinds)
            order by j.priority, j.ready_at, j.id
            limit at_most + 100
          )
        ) h
        order by h.priority, h.ready_at, h.id
        limit at_most + 100
      )
      and j.ready_at is not null
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
