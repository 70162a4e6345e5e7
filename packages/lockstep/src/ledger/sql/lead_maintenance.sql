-- Purpose: takes or renews the leadership of the maintenance, and reads the database's clock.
-- Parameters: $1 this process, $2 its host, $3 its process number, $4 $5 the leader and the beat
--   that have not changed for so long that the leader counts as gone; null: none
-- Rows: one: whether this process leads now; the leader and the beat as they were before; the clock
--   in milliseconds, and the time at which the server was started.
-- Guard: nobody leads, or this process does, or the beat is still the one that has not changed. It
--   compares no times: a clock that is set neither ends a leadership nor prolongs one.
with led as (
  update lockstep.maintenance_leader m
  set leader = $1::uuid,
    host = $2,
    pid = $3::integer,
    since = case when m.leader = $1::uuid then m.since else clock_timestamp() end,
    beat = m.beat + 1
  where m.leader is null
    or m.leader = $1::uuid
    or (m.leader = $4::uuid and m.beat = $5::bigint)
  returning m.beat
)
select
  exists (select from led) as leads,
  m.leader,
  m.beat::text as beat,
  (extract(epoch from clock_timestamp()) * 1000)::double precision as now,
  pg_postmaster_start_time()::text as started
from lockstep.maintenance_leader m
