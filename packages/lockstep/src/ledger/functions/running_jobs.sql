-- The jobs that run now, with what they were claimed with.
create view lockstep.running_jobs as
select j.id, c.queue, c.worker_id, c.token, j.attempt, j.limit_key
from lockstep.claims c
cross join lateral unnest(c.job_ids) u(id)
join lockstep.jobs j on j.id = u.id and j.claim_token = c.token and j.status = 'running';
