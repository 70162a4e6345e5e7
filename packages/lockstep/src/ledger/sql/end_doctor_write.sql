-- Purpose: records the outcome of a write of the doctor.
-- Parameters: $1 the id of the record, $2 outcome
-- Rows: none.
-- Guard: an outcome is never replaced.
update lockstep.doctor_writes
set outcome = $2
where id = $1::bigint
  and outcome is null
