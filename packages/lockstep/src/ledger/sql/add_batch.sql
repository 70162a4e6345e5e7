-- Purpose: inserts a batch, before its jobs and in the same transaction.
-- Parameters: $1 id, $2 name, $3 kind, $4 jobs, $5 number of skipped lines, $6 the first skipped
--   lines as jsonb, $7 library or null, $8 actor, $9 idempotency key or null, $10 request hash
--   (hex) or null
-- Rows: the id; no row when the idempotency key is taken.
-- Guard: on conflict do nothing. It waits for another transaction that is inserting the same key.
insert into lockstep.batches (id, name, kind, jobs, skipped, skipped_lines, library, actor, idempotency_key, request_hash)
values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, decode($10, 'hex'))
on conflict do nothing
returning id
