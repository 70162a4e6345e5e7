-- Purpose: counts the live workers, all of them and those that offer each kind and take more jobs.
-- Parameters: $1 lease in seconds
-- Rows: one with a null kind for all, one for each kind.
-- Guard: none, reads only. It does not count jobs, so a probe of the health costs the same however
--   many jobs run.
with live as materialized (
  select w.kinds, w.draining
  from lockstep.workers w
  where w.heartbeat_at between clock_timestamp() - $1::double precision * interval '1 second' and clock_timestamp() + $1::double precision * interval '1 second'
)
select null as kind, count(*)::integer as workers
from live
union all
select k.kind, count(*)::integer
from live
cross join lateral unnest(live.kinds) k(kind)
where not live.draining
group by k.kind
