-- Purpose: reads how archived jobs ended and where their records are, by id or by idempotency key.
-- Parameters: $1 ids, $2 idempotency keys
-- Rows: one for each job found.
-- Guard: none, reads only.
with found as materialized (
  select a.id
  from archived_jobs a
  where a.id = any($1::uuid[])
  union
  select a.id
  from archived_jobs a
  where a.idempotency_key = any($2::text[])
)
select
  a.id, a.kind, a.queue, a.status, a.version, a.attempt, a.failures, a.max_attempts, a.priority, a.worker_id, a.tags,
  a.timeout_ms, a.unique_key, a.batch_id, a.run_at, a.created_at, a.started_at, a.finished_at, a.cancel_requested_at, a.actor, a.reason,
  a.idempotency_key, encode(a.request_hash, 'hex') as request_hash, clock_timestamp() as as_of,
  a.archived_at, f.name as file, a.member_offset::double precision as member_offset, a.member_bytes, a.line
from found
join archived_jobs a on a.id = found.id
join archive_files f on f.id = a.file_id
