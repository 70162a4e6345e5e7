create function lockstep.note_starts(of_queue text, of_key text, moment timestamptz, rate_ms integer, n integer) returns void
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  insert into lockstep.limit_starts as s (queue, key, newest, starts, noted_at)
  select of_queue, of_key, slice, array_fill(0, array[(slice % 101)::integer]) || n || array_fill(0, array[100 - (slice % 101)::integer]), moment
  from lockstep.slice(moment, rate_ms) slice
  on conflict (queue, key) do update
  set
    newest = greatest(s.newest, excluded.newest),
    starts = (
      select array_agg(old.count + case when old.place = 1 + greatest(s.newest, excluded.newest) % 101 then n else 0 end order by old.place)
      from unnest(lockstep.starts_at(s.starts, s.newest, greatest(s.newest, excluded.newest))) with ordinality old(count, place)
    ),
    noted_at = moment
$$;
