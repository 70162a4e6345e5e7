-- Settles attempts that did not complete: failed, released or stopped.
-- Parameters: array of {i: job, a: attempt, w: worker, k: claim token, t: ending, e: error, r:
--   retry in ms or null, y: error|timeout}
-- The rows are locked first, so that the decision is made about the job as it is now.
create function lockstep.settle_others(settlements jsonb)
returns table (id uuid, attempt integer, worker_id uuid, version integer, status text, queue text, priority smallint, ready_at timestamptz, limited boolean)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
begin
  return query
  with held as materialized (
    select h as job, s.w, s.t, s.e, s.r, s.y
    from jsonb_to_recordset(settlements) as s(i uuid, a integer, w uuid, k uuid, t text, e jsonb, r bigint, y text)
    join lockstep.jobs h on h.id = s.i and h.attempt = s.a and h.worker_id = s.w
      and (s.k is null or h.claim_token = s.k) and h.status = 'running'
    for update of h
  )
  update lockstep.jobs as j
  set
    version = j.version + 1,
    deadline_at = null,
    actor = 'worker:' || held.w,
    status = n.status,
    reason = n.reason,
    failures = j.failures + n.failed,
    error = coalesce(lockstep.attempt_error(held.e, j.attempt), j.error),
    run_at = coalesce(n.due_at, j.run_at),
    ready_at = n.ready_at,
    due_at = n.due_at,
    finished_at = n.finished_at,
    failed_at = case n.status when 'failed' then n.finished_at end,
    cancelled_at = case n.status when 'cancelled' then n.finished_at end,
    unique_hold = case n.status when 'pending' then j.unique_key end
  from held
  cross join lateral lockstep.end_attempt(held.job, held.t, held.y, held.r, clock_timestamp()) n
  where j.id = (held.job).id
  returning j.id, j.attempt, j.worker_id, j.version, j.status, j.queue, j.priority, j.ready_at,
    j.queue in (select name from lockstep.queues where limited);
  perform lockstep.close_claims(array(select s.k from jsonb_to_recordset(settlements) as s(k uuid)), '{}');
end
$$;
