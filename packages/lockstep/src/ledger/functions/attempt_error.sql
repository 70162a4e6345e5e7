-- An error with the attempt that it ended, and when. Null when there is no error.
create function lockstep.attempt_error(error jsonb, attempt integer) returns jsonb
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  select error || jsonb_build_object('attempt', attempt, 'at', to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
$$;
