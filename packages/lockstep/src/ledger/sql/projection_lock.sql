-- Purpose: tries to become the only projector of this ledger, for as long as the session lives.
-- Parameters: none
-- Rows: one: whether this session holds the lock now, and the backend that answers.
-- Guard: the advisory lock itself; PostgreSQL releases it when the session ends, however it ends.
select
  pg_try_advisory_lock(hashtextextended('lockstep projection ' || id::text, 0)) as held,
  pg_backend_pid() as pid
from lockstep.ledger_identity
