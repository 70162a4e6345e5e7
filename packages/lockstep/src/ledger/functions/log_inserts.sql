-- Writes the first transition of new jobs, and one row of the feed for the statement.
create function lockstep.log_inserts() returns trigger
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into lockstep.transitions (job_id, version, status, attempt, actor, reason)
  select n.id, n.version, n.status, n.attempt, n.actor, n.reason
  from new_rows n;
  insert into lockstep.changes (job_ids, versions, statuses)
  select array_agg(n.id), array_agg(n.version), array_agg(n.status)
  from new_rows n
  having count(*) > 0;
  return null;
end
$$;

create trigger jobs_log_inserts after insert on lockstep.jobs
  referencing new table as new_rows
  for each statement execute function lockstep.log_inserts();
