-- Purpose: classifies settlements that changed nothing: settled by an earlier call of the same
--   attempt, or fenced.
-- Parameters: $1 jsonb array of {i: job, a: attempt, w: worker, k: claim token or null, t: type}
-- Rows: one for each settlement; status and version are null when there is no such job. For an
--   archived job only the last attempt's settlement is known; a finished result of an earlier
--   attempt is kept once more.
--   `granted` says whether the worker ever had the attempt. For an archived job this is unknown,
--   and the statement assumes yes. A claim that a failover lost was never granted: another claim
--   has its number.
--   A finished result that comes after its own attempt was given up (a timeout, a cancellation) was
--   not recorded, and is kept.
-- Guard: none, reads only. Runs as a second statement, so that it sees the changes for which the
--   first one waited.
select
  s.i as id,
  s.a as attempt,
  s.w as worker_id,
  coalesce(j.status, r.status) as status,
  coalesce(j.version, r.version) as version,
  not c.lost and (
    r.id is not null and r.attempt = s.a and r.actor = 'worker:' || s.w and (s.t <> 'completed' or r.status = 'completed') or exists (
      select
      from lockstep.transitions t
      where t.job_id = s.i
        and t.attempt = s.a
        and t.actor = 'worker:' || s.w
        and t.status <> 'running'
        and (s.t <> 'completed' or t.status = 'completed')
    )
  ) as already,
  not c.lost and (
    r.id is not null or exists (
      select
      from lockstep.transitions t
      where t.job_id = s.i
        and t.attempt = s.a
        and t.actor = 'worker:' || s.w
        and t.status = 'running'
    )
  ) as granted
from jsonb_to_recordset($1::jsonb) as s(i uuid, a integer, w uuid, k uuid, t text)
left join lockstep.jobs j on j.id = s.i
left join lockstep.archived_jobs r on r.id = s.i
cross join lateral (select coalesce(j.attempt = s.a and j.claim_token <> s.k, false) as lost) c
