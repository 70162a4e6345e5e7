-- Only a finished job can be deleted, and everything that was recorded about it is deleted with it.
create function lockstep.delete_history() returns trigger
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  unfinished uuid;
begin
  select id into unfinished from old_rows where status in ('pending', 'running') limit 1;
  if unfinished is not null then
    perform lockstep.refuse(format('job %s has not finished, so it cannot be deleted', unfinished));
  end if;
  delete from lockstep.transitions where job_id in (select id from old_rows);
  delete from lockstep.job_logs where job_id in (select id from old_rows);
  delete from lockstep.late_results where job_id in (select id from old_rows);
  delete from lockstep.bullmq_entries where job_id in (select id from old_rows);
  return null;
end
$$;

-- At the level of the statement, not foreign keys: their triggers on jobs would be checked for
-- every row that a turn changes.
create trigger jobs_delete_history after delete on lockstep.jobs
  referencing old table as old_rows
  for each statement execute function lockstep.delete_history();
