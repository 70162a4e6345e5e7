-- The slice of a period that contains a time.
create function lockstep.slice(moment timestamptz, rate_ms integer) returns bigint
language sql immutable strict
as $$
  select floor(extract(epoch from moment) * 100000 / rate_ms)::bigint
$$;

-- The counts as they are in slice `now_in`: counts older than a period are zero.
create function lockstep.starts_at(starts integer[], newest bigint, now_in bigint) returns integer[]
language sql immutable
as $$
  select array_agg(case when s.slice > now_in - 101 then coalesce(starts[1 + s.place], 0) else 0 end order by s.place)
  from (
    select place, newest - (((newest - place) % 101) + 101) % 101 as slice
    from generate_series(0, 100) place
  ) s
$$;

-- How many jobs started in the period that ends in slice `now_in`, and the oldest slice of it in
-- which one did (null: none).
create function lockstep.started(starts integer[], newest bigint, now_in bigint, out n integer, out oldest bigint)
language sql immutable strict
as $$
  select coalesce(sum(c.count), 0)::integer, min(c.slice) filter (where c.count > 0)
  from (
    select starts[1 + place] as count, newest - (((newest - place) % 101) + 101) % 101 as slice
    from generate_series(0, 100) place
  ) c
  where c.slice > now_in - 101
$$;
