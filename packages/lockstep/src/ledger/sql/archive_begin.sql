-- Purpose: takes or renews the right to archive. Only one process has it at a time.
-- Parameters: $1 runner, $2 seconds it lasts, $3 take it only when no run ended within this many
--   seconds; null: at any time
-- Rows: one, with the database's clock, when the runner has the right.
-- Guard: no other process has it, or the other's lease has expired. It is a lease, not an advisory
--   lock: a lease works through a pooler that gives each transaction another connection.
update lockstep.archive_state
set runner = $1, runner_until = clock_timestamp() + $2::double precision * interval '1 second'
where (runner is null or runner = $1 or runner_until < clock_timestamp())
  and ($3::double precision is null or last_run_at is null or last_run_at < clock_timestamp() - $3::double precision * interval '1 second')
returning clock_timestamp() as now
