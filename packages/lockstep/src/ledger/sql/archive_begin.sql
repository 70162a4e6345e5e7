-- Purpose: takes or renews the right to archive, which one process has at a time.
-- Parameters: $1 runner, $2 seconds it holds, $3 take it only when no run ended within so many seconds; null: whenever
-- Rows: one, with the database's clock, when the runner has the right.
-- Guard: nobody else has it, or whoever had it has let it run out. A lease and no advisory lock: it works through a pooler
--   that gives each transaction another connection.
update archive_state
set runner = $1, runner_until = clock_timestamp() + $2::double precision * interval '1 second'
where (runner is null or runner = $1 or runner_until < clock_timestamp())
  and ($3::double precision is null or last_run_at is null or last_run_at < clock_timestamp() - $3::double precision * interval '1 second')
returning clock_timestamp() as now
