-- Purpose: records a write of the doctor to one of Lockstep's own stores, before the write is made.
-- Parameters: $1 actor, $2 run (null: none), $3 view, $4 job, $5 action
-- Rows: the id of the record.
-- Guard: none, adds only.
insert into lockstep.doctor_writes (actor, run, view, job_id, action)
values ($1, $2::uuid, $3, $4::uuid, $5)
returning id
