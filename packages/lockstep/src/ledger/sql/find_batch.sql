-- Purpose: finds the batch that holds an idempotency key.
-- Parameters: $1 idempotency key
-- Rows: its id and the hash of its request (hex), when there is one.
-- Guard: none, reads only. A separate statement, because the insert's snapshot may be older than
--   the winner's commit.
select id, encode(request_hash, 'hex') as request_hash
from lockstep.batches
where idempotency_key = $1
