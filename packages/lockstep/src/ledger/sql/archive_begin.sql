-- Purpose: takes or renews the right to archive. Only one process has it at a time.
-- Parameters: $1 runner, $2 seconds it lasts, $3 take it only when no run ended within this many
--   seconds; null: at any time
-- Rows: one, with the database's clock, when the runner has the right.
-- Guard: no other process has it, or the other's lease has expired. It is a lease, not an advisory
--   lock: a lease works through a pooler that gives each transaction another connection.
--   A lease that ends later than any that begins now was taken before the clock was set back.
update lockstep.archive_state
set runner = $1, runner_until = clock_timestamp() + $2::double precision * interval '1 second'
where (
    runner is null
    or runner = $1
    or runner_until not between clock_timestamp() and clock_timestamp() + $2::double precision * interval '1 second'
  )
  and (
    $3::double precision is null
    or last_run_at is null
    or last_run_at not between clock_timestamp() - $3::double precision * interval '1 second' and clock_timestamp()
  )
returning clock_timestamp() as now
