-- Purpose: records the kinds that a process defines: the defaults of a submit and the schema of the
--   input.
-- Parameters: $1 the kinds (JSON text)
-- Rows: none.
-- Guard: a kind that is recorded with the same version is neither written nor locked, so that a
--   start writes only what changed. Rows are locked in the order of names, as in
--   register_worker.sql, so that two processes that start together cannot block each other.
insert into lockstep.kinds as known (
  name, queue, priority, max_attempts, timeout_ms, backoff, limit_key, description, input_schema, version_hash
)
select d.kind, d.queue, d.priority, d.max_attempts, d.timeout_ms, d.backoff, d.limit_key, d.description, d.input_schema, d.version_hash
from jsonb_to_recordset($1::text::jsonb) as d(
  kind text, queue text, priority smallint, max_attempts integer, timeout_ms integer, backoff jsonb, limit_key text, description text,
  input_schema jsonb, version_hash text
)
where not exists (select from lockstep.kinds k where k.name = d.kind and k.version_hash = d.version_hash)
order by d.kind
on conflict (name) do update
set queue = excluded.queue, priority = excluded.priority, max_attempts = excluded.max_attempts, timeout_ms = excluded.timeout_ms,
  backoff = excluded.backoff, limit_key = excluded.limit_key, description = excluded.description,
  input_schema = excluded.input_schema, version_hash = excluded.version_hash, recorded_at = clock_timestamp()
where known.version_hash is distinct from excluded.version_hash
