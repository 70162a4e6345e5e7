-- Refuses a job that does not begin as pending.
create function lockstep.guard_insert() returns trigger
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  perform lockstep.refuse(format('job %s: a job begins as pending, version 1, attempt 0, reason submitted', new.id));
  return null;
end
$$;

create trigger jobs_guard_insert before insert on lockstep.jobs
  for each row
  when (
    new.status <> 'pending' or new.version <> 1 or new.attempt <> 0 or new.failures <> 0 or new.losses <> 0
    or new.reason <> 'submitted' or new.worker_id is not null or new.claim_token is not null or new.started_at is not null
    or new.error is not null
  )
  execute function lockstep.guard_insert();
