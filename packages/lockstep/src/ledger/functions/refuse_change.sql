-- Refuses statements that change what never changes.
create function lockstep.refuse_change() returns trigger
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  perform lockstep.refuse(format('%s on %s is refused: %s', lower(tg_op), tg_table_name, tg_argv[0]));
  return null;
end
$$;

create trigger jobs_keep_identity before update of id on lockstep.jobs
  for each statement execute function lockstep.refuse_change('a job keeps its id');

create trigger jobs_keep_request before update of kind, queue, input, created_at, unique_key, limit_key, tags, batch_id, traceparent on lockstep.jobs
  for each statement execute function lockstep.refuse_change('a job keeps what was submitted');

create trigger jobs_keep_all before truncate on lockstep.jobs
  for each statement execute function lockstep.refuse_change('jobs are deleted one by one, once they have finished');

create trigger transitions_only_by_trigger before insert or update or delete on lockstep.transitions
  for each statement when (pg_trigger_depth() = 0) execute function lockstep.refuse_change('the log is written by the triggers on jobs');

create trigger transitions_keep_all before truncate on lockstep.transitions
  for each statement execute function lockstep.refuse_change('the log is kept as long as its jobs');

create trigger changes_only_by_trigger before insert or update on lockstep.changes
  for each statement when (pg_trigger_depth() = 0) execute function lockstep.refuse_change('the feed is written by the triggers on jobs');

create trigger idempotency_keys_keep_all before delete or truncate on lockstep.idempotency_keys
  for each statement execute function lockstep.refuse_change('a key leads to the same job for ever');

create trigger archived_jobs_keep_their_end before update or truncate on lockstep.archived_jobs
  for each statement execute function lockstep.refuse_change('how a job ended does not change');

create trigger batches_keep_all before update or delete or truncate on lockstep.batches
  for each statement execute function lockstep.refuse_change('what was submitted together stays so');
