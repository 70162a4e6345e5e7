-- Purpose: grants named jobs to the workers that ask for them, for queues that have their own order
--   (BullMQ).
-- Parameters: $1 jobs and $2 workers (pairs), $3 the token of the claim
-- Rows: one for each job granted. A job that two workers ask for is granted to one of them.
-- Guard: pending, ready, its queue not paused and without limits, locked first (skip locked), and
--   pending again in the UPDATE.
with picked as materialized (
  select j.id, a.worker_id
  from unnest($1::uuid[], $2::uuid[]) as a(job_id, worker_id)
  join lockstep.jobs j on j.id = a.job_id
  where j.ready_at is not null
    and not exists (select from lockstep.queues q where q.name = j.queue and (q.paused_at is not null or q.limited))
  order by j.id
  for update of j skip locked
),
claimed as (
  update lockstep.jobs as j
  set
    version = j.version + 1,
    status = 'running',
    attempt = j.attempt + 1,
    worker_id = picked.worker_id,
    claim_token = $3::uuid,
    actor = 'worker:' || picked.worker_id,
    reason = 'claimed',
    ready_at = null,
    started_at = clock_timestamp(),
    deadline_at = clock_timestamp() + j.timeout_ms * interval '1 millisecond',
    progress = null
  from picked
  where j.id = picked.id
    and j.status = 'pending'
  returning {j.job}, j.traceparent, j.claim_token
),
noted as (
  insert into lockstep.claims (token, worker_id, queue, job_ids)
  select $3::uuid, c.worker_id, c.queue, array_agg(c.id)
  from claimed c
  group by c.worker_id, c.queue
)
select {job}, traceparent, claim_token
from claimed
