-- Limits: how many jobs of a queue, or of a key in it, run at once, and how many start in a period.

alter table queues add column limited boolean not null default false;
alter table jobs add column limit_key text check (char_length(limit_key) between 1 and 255);

-- By queue, because a claim under a limit counts the running jobs of its queue. Within a queue, new
-- ids are added at the right end as before.
drop index jobs_running;
create index jobs_running on jobs (queue, id) where status = 'running';

-- The first claimable job of each key, wherever it is in the queue.
create index jobs_claimable_by_key on jobs (queue, limit_key, priority, ready_at, id)
  where status = 'pending' and ready_at is not null and limit_key is not null;

-- A key's running jobs are counted for each claim under a limit by key.
create index jobs_running_by_key on jobs (queue, limit_key) where status = 'running' and limit_key is not null;

-- queues.limited says whether a queue has a row here. Both change together, under the lock of the
-- queue's row.
create table queue_limits (
  queue text not null references queues (name),
  scope text not null check (scope in ('queue', 'each_key', 'key')),
  key text not null default '' check (char_length(key) <= 255),
  concurrency integer check (concurrency > 0),
  rate_count integer check (rate_count > 0),
  rate_ms integer check (rate_ms between 1000 and 86400000),
  primary key (queue, scope, key),
  constraint queue_limits_key_fits_scope check ((scope = 'key') = (key <> '')),
  constraint queue_limits_rate_has_a_period check ((rate_count is null) = (rate_ms is null)),
  constraint queue_limits_limit_something check (concurrency is not null or rate_count is not null)
);

-- Recent starts under a rate: of the queue (key '') or of one key. A period has a hundred slices.
-- Counts are kept for the current slice and the hundred before it; the count of slice s is at place
-- 1 + s % 101.
create table limit_starts (
  queue text not null references queues (name),
  key text not null,
  newest bigint not null,
  starts integer[] not null,
  noted_at timestamptz not null,
  primary key (queue, key)
) with (fillfactor = 50);

-- The slice of a period that contains a time.
create function lockstep_slice(moment timestamptz, rate_ms integer) returns bigint
language sql immutable strict
return floor(extract(epoch from moment) * 100000 / rate_ms)::bigint;

-- The counts as they are in slice `now_in`: counts older than a period are zero.
create function lockstep_starts_at(starts integer[], newest bigint, now_in bigint) returns integer[]
language sql immutable
return (
  select array_agg(case when s.slice > now_in - 101 then coalesce(starts[1 + s.place], 0) else 0 end order by s.place)
  from (
    select place, newest - (((newest - place) % 101) + 101) % 101 as slice
    from generate_series(0, 100) place
  ) s
);

-- How many jobs started in the period that ends in slice `now_in`, and the oldest slice of it in
-- which one did (null: none).
create function lockstep_started(starts integer[], newest bigint, now_in bigint, out n integer, out oldest bigint)
language sql immutable strict
as $$
  select coalesce(sum(c.count), 0)::integer, min(c.slice) filter (where c.count > 0)
  from (
    select starts[1 + place] as count, newest - (((newest - place) % 101) + 101) % 101 as slice
    from generate_series(0, 100) place
  ) c
  where c.slice > now_in - 101
$$;

create function lockstep_note_starts(of_queue text, of_key text, moment timestamptz, rate_ms integer, n integer) returns void
language sql volatile
set search_path from current
as $$
  insert into limit_starts as s (queue, key, newest, starts, noted_at)
  select of_queue, of_key, slice, array_fill(0, array[(slice % 101)::integer]) || n || array_fill(0, array[100 - (slice % 101)::integer]), moment
  from lockstep_slice(moment, rate_ms) slice
  on conflict (queue, key) do update
  set
    newest = greatest(s.newest, excluded.newest),
    starts = (
      select array_agg(old.count + case when old.place = 1 + greatest(s.newest, excluded.newest) % 101 then n else 0 end order by old.place)
      from unnest(lockstep_starts_at(s.starts, s.newest, greatest(s.newest, excluded.newest))) with ordinality old(count, place)
    ),
    noted_at = moment
$$;

-- How many more jobs a limit allows now, and in how many milliseconds its rate allows one more
-- (null: the job does not wait for the rate).
create function lockstep_room(l queue_limits, of_key text, running bigint, moment timestamptz, out free integer, out wait_ms double precision)
language plpgsql stable
set search_path from current
as $$
declare
  started record;
begin
  free := greatest(0, coalesce(l.concurrency, 2147483647) - running);
  if l.rate_count is null then
    return;
  end if;
  select f.n, f.oldest into started
  from limit_starts s
  cross join lateral lockstep_started(s.starts, s.newest, greatest(s.newest, lockstep_slice(moment, l.rate_ms))) f
  where s.queue = l.queue and s.key = of_key;
  if found then
    free := least(free, greatest(0, l.rate_count - started.n));
    if started.n >= l.rate_count then
      wait_ms := greatest(0, (started.oldest + 101) * (l.rate_ms / 100.0) - extract(epoch from moment) * 1000);
    end if;
  else
    free := least(free, l.rate_count);
  end if;
end
$$;

-- The limit of one key: its own, or else the limit of each key. No row: no limit.
create function lockstep_key_limit(of_queue text, of_key text) returns setof queue_limits
language sql stable
set search_path from current
as $$
  select l.*
  from queue_limits l
  where l.queue = of_queue
    and ((l.scope = 'key' and l.key = of_key) or l.scope = 'each_key')
  order by l.scope desc
  limit 1
$$;
