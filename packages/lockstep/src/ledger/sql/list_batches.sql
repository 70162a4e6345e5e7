-- Purpose: lists batches with the status counts of their jobs, all from one snapshot.
-- Parameters: $1 ids or null (all), $2 only ids before this one or null, $3 limit
-- Rows: one for each batch, newest first. Archived jobs are counted like the others.
-- Guard: none, reads only.
with page as materialized (
  select b.id, b.name, b.kind, b.jobs, b.skipped, b.skipped_lines, b.library, b.actor, b.created_at
  from lockstep.batches b
  where ($1::uuid[] is null or b.id = any($1::uuid[]))
    and ($2::uuid is null or b.id < $2::uuid)
  order by b.id desc
  limit $3
)
select
  p.id, p.name, p.kind, p.jobs, p.skipped, p.skipped_lines, p.library, p.actor, p.created_at,
  c.pending, c.running, c.completed, c.failed, c.cancelled, c.archived,
  clock_timestamp() as as_of
from page p
cross join lateral (
  select
    (count(*) filter (where s.status = 'pending'))::integer as pending,
    (count(*) filter (where s.status = 'running'))::integer as running,
    (count(*) filter (where s.status = 'completed'))::integer as completed,
    (count(*) filter (where s.status = 'failed'))::integer as failed,
    (count(*) filter (where s.status = 'cancelled'))::integer as cancelled,
    (count(*) filter (where s.archived))::integer as archived
  from (
    select j.status, false as archived
    from lockstep.jobs j
    where j.batch_id = p.id
    union all
    select a.status, true
    from lockstep.archived_jobs a
    where a.batch_id = p.id
  ) s
) c
order by p.id desc
