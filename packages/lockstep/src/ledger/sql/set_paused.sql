-- Purpose: pauses or resumes a queue. Running jobs continue; nothing new is claimed while it is
--   paused.
-- Parameters: $1 queue, $2 paused
-- Rows: the name, when the queue is known: it has a row, or jobs.
-- Guard: a queue that is already paused keeps the time of its pause.
insert into lockstep.queues as q (name, paused_at)
select $1, case when $2::boolean then clock_timestamp() end
where exists (select from lockstep.queues k where k.name = $1)
  or exists (select from lockstep.jobs j where j.queue = $1 and j.ready_at is not null)
  or exists (select from lockstep.claims c where c.queue = $1)
  or exists (select from lockstep.jobs j where j.queue = $1 and j.due_at is not null)
on conflict (name) do update
set paused_at = case when $2::boolean then coalesce(q.paused_at, clock_timestamp()) end
returning name
