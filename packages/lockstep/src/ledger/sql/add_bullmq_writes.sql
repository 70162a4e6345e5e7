-- Purpose: records entries that were missing in BullMQ and were added again.
-- Parameters: $1 view, $2 job ids
-- Rows: none.
-- Guard: none, adds only.
insert into lockstep.doctor_writes (actor, view, job_id, action, outcome)
select 'bullmq', $1, j.id, 'enqueue', 'written'
from unnest($2::uuid[]) as j(id)
