-- Purpose: claims from several queues at once, for a worker of many queues with few jobs each.
-- Parameters: $1 worker, $2 the token of the claim, $3 kinds, $4 names and $5 $6 $7 their cursors
--   (priority, ready_at, id), $8 limit for each queue, $9 limit in all
-- Rows: see functions/claim_queues.sql.
-- Guard: in lockstep.claim_queues: pending, ready, its queue not paused and without limits, locked
--   first (skip locked), and pending again in the UPDATE.
select {(c.job).job}, (c.job).traceparent, (c.job).claim_token, c.place_ready_at, c.limited_queue
from lockstep.claim_queues($1, $2, $3, $4, $5::smallint[], $6::timestamptz[], $7::uuid[], $8, $9) c
