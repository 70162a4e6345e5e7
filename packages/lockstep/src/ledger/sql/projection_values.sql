-- Purpose: reads jobs as the projection shows them: the committed truth now, as the JSON text that
--   goes to Redis. It is built here because the database writes JSON in a fraction of the time that
--   the client needs to parse the row and write it again.
-- Parameters: $1 ids, separated by commas (an array would be quoted element by element), $2 seconds
--   that a finished job is kept, $3 the maximum bytes of an output or error to return
-- Rows: one for each job that exists, in no particular order. members: the JSON members after
--   status and version. ttl_ms: null for a job that has not finished, 0 or less when it is no
--   longer kept. payload: the output or error as JSON text, null when there is none or it is larger
--   than $3.
-- Guard: none, reads only.
select
  j.id,
  j.status,
  j.version,
  concat(
    '"kind":', to_json(j.kind),
    ',"queue":', to_json(j.queue),
    ',"attempt":', j.attempt,
    ',"failures":', j.failures,
    ',"losses":', j.losses,
    ',"max_attempts":', j.max_attempts,
    ',"priority":', j.priority,
    ',"progress":', coalesce(j.progress::text, 'null'),
    ',"worker_id":', coalesce(to_json(j.worker_id)::text, 'null'),
    ',"tags":', to_json(j.tags),
    ',"timeout_ms":', coalesce(j.timeout_ms::text, 'null'),
    ',"unique_key":', coalesce(to_json(j.unique_key)::text, 'null'),
    ',"limit_key":', coalesce(to_json(j.limit_key)::text, 'null'),
    ',"batch_id":', coalesce(to_json(j.batch_id)::text, 'null'),
    ',"run_at":', coalesce(to_char(j.run_at at time zone 'UTC', f.rfc3339), 'null'),
    ',"deadline_at":', coalesce(to_char(j.deadline_at at time zone 'UTC', f.rfc3339), 'null'),
    ',"created_at":', coalesce(to_char(j.created_at at time zone 'UTC', f.rfc3339), 'null'),
    ',"started_at":', coalesce(to_char(j.started_at at time zone 'UTC', f.rfc3339), 'null'),
    ',"finished_at":', coalesce(to_char(j.finished_at at time zone 'UTC', f.rfc3339), 'null'),
    ',"cancel_requested_at":', coalesce(to_char(j.cancel_requested_at at time zone 'UTC', f.rfc3339), 'null'),
    ',"actor":', to_json(j.actor),
    ',"reason":', to_json(j.reason),
    ',"as_of":', to_char(clock_timestamp() at time zone 'UTC', f.rfc3339)
  ) as members,
  ceil(extract(epoch from j.finished_at + $2::integer * interval '1 second' - clock_timestamp()) * 1000)::double precision as ttl_ms,
  coalesce(octet_length(coalesce(j.output, j.error)::text), 0) as payload_bytes,
  case when octet_length(coalesce(j.output, j.error)::text) <= $3 then coalesce(j.output, j.error)::text end as payload
from lockstep.jobs j
cross join (select '"\""YYYY-MM-DD"T"HH24:MI:SS.US"Z\""'::text as rfc3339) f
where j.id = any(string_to_array($1, ',')::uuid[])
