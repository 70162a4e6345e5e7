-- Purpose: gives the right to archive back.
-- Parameters: $1 runner, $2 whether the run finished
-- Rows: none.
-- Guard: the runner still has it.
update lockstep.archive_state
set runner = null, runner_until = null, last_run_at = case when $2::boolean then clock_timestamp() else last_run_at end
where runner = $1
