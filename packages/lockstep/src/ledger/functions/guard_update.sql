-- Refuses every change of a job that the transition table does not contain. The condition is
-- evaluated without entering PL/pgSQL, and its cases are in the order of their frequency, so a
-- legal change costs almost nothing.
create function lockstep.guard_update() returns trigger
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  perform lockstep.refuse(format(
    'job %s: %s version %s attempt %s cannot become %s version %s attempt %s (%s)',
    new.id, old.status, old.version, old.attempt, new.status, new.version, new.attempt, new.reason));
  return null;
end
$$;

create trigger jobs_guard_update before update on lockstep.jobs
  for each row
  when (
    case
      when new.version = old.version then
        new.status <> old.status or new.attempt <> old.attempt or new.failures <> old.failures or new.losses <> old.losses
        or new.actor <> old.actor or new.reason <> old.reason or new.worker_id is distinct from old.worker_id
        or new.claim_token is distinct from old.claim_token or new.started_at is distinct from old.started_at
        or new.finished_at is distinct from old.finished_at or new.cancel_requested_at is distinct from old.cancel_requested_at
        or new.output is distinct from old.output or new.error is distinct from old.error
      when new.version <> old.version + 1 then true
      when new.reason = 'claimed' then
        old.status <> 'pending' or new.status <> 'running' or new.attempt <> old.attempt + 1
        or new.failures <> old.failures or new.losses <> old.losses
      when new.attempt <> old.attempt or new.worker_id is distinct from old.worker_id
        or new.claim_token is distinct from old.claim_token then true
      when new.reason = 'succeeded' then
        old.status <> 'running' or new.status <> 'completed' or new.failures <> old.failures or new.losses <> old.losses
      when new.reason = 'retry' then
        old.status <> 'running' or new.status <> 'pending' or new.failures <> old.failures + 1 or new.losses <> old.losses
      when new.reason = 'error' then
        old.status <> 'running' or new.status <> 'failed' or new.failures <> old.failures + 1 or new.losses <> old.losses
      when new.reason = 'timeout' then
        old.status <> 'running' or new.status not in ('pending', 'failed') or new.failures <> old.failures + 1 or new.losses <> old.losses
      when new.reason = 'released' then
        old.status <> 'running' or new.status <> 'pending' or new.failures <> old.failures or new.losses <> old.losses
      when new.reason = 'lost' then
        old.status <> 'running' or new.status not in ('pending', 'failed') or new.failures <> old.failures or new.losses <> old.losses + 1
      when new.reason = 'late_result' then
        old.status <> 'pending' or new.status <> 'completed' or new.failures <> old.failures or new.losses <> old.losses
      when new.reason = 'cancelled' then
        old.status not in ('pending', 'running') or new.status <> 'cancelled'
        or new.failures not in (old.failures, old.failures + 1) or new.losses not in (old.losses, old.losses + 1)
      when new.reason = 'cancel_requested' then
        old.status <> 'running' or new.status <> 'running' or old.cancel_requested_at is not null or new.cancel_requested_at is null
        or new.failures <> old.failures or new.losses <> old.losses
      when new.reason = 'requeued' then
        old.status not in ('completed', 'failed', 'cancelled') or new.status <> 'pending' or new.failures <> 0 or new.losses <> 0
      else true
    end
  )
  execute function lockstep.guard_update();
