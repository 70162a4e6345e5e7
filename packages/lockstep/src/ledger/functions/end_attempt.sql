-- How an attempt that did not complete leaves its job: the one place that decides between another
-- attempt and a failure.
-- Parameters: the job as it is now; the ending: `failed`, `released`, `cancelled` or `lost`; the
--   cause of a failure: `error` or `timeout`; milliseconds until the next attempt (null: there is
--   none); the time.
-- A stop request wins. A lost attempt is no failure: it counts in `losses`, with a limit of its
-- own.
create function lockstep.end_attempt(job lockstep.jobs, ending text, cause text, retry_in_ms bigint, moment timestamptz)
returns table (status text, reason text, failed integer, lost integer, ready_at timestamptz, due_at timestamptz, finished_at timestamptz)
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
  losses_max constant integer := 5;
begin
  failed := 0;
  lost := 0;
  if job.cancel_requested_at is not null then
    status := 'cancelled';
    reason := 'cancelled';
  elsif ending = 'released' then
    status := 'pending';
    reason := 'released';
  elsif ending = 'lost' then
    lost := 1;
    status := case when job.losses + 1 >= losses_max then 'failed' else 'pending' end;
    reason := 'lost';
  else
    failed := 1;
    status := case when retry_in_ms is null or job.failures + 1 >= job.max_attempts then 'failed' else 'pending' end;
    reason := case when cause = 'timeout' then 'timeout' when status = 'failed' then 'error' else 'retry' end;
  end if;
  if status <> 'pending' then
    finished_at := moment;
  elsif failed = 1 and retry_in_ms > 0 then
    due_at := moment + retry_in_ms * interval '1 millisecond';
  else
    ready_at := moment;
  end if;
  return next;
end
$$;
