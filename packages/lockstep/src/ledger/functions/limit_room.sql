-- How many more jobs a limit allows now, and in how many milliseconds its rate allows one more
-- (null: the job does not wait for the rate).
create function lockstep.limit_room(l lockstep.queue_limits, of_key text, running bigint, moment timestamptz, out free integer, out wait_ms double precision)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  started record;
begin
  free := greatest(0, coalesce(l.concurrency, 2147483647) - running);
  if l.rate_count is null then
    return;
  end if;
  select f.n, f.oldest into started
  from lockstep.limit_starts s
  cross join lateral lockstep.started(s.starts, s.newest, greatest(s.newest, lockstep.slice(moment, l.rate_ms))) f
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
