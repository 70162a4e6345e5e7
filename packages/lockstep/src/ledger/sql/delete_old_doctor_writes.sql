-- Purpose: deletes records of the doctor's writes that are older than the retention time.
-- Parameters: $1 seconds
-- Rows: none.
-- Guard: none; ten thousand at a time, so that no statement takes long.
delete from lockstep.doctor_writes
where id in (
  select id
  from lockstep.doctor_writes
  where at < clock_timestamp() - $1::integer * interval '1 second'
  order by at
  limit 10000
)
