-- Purpose: tries to become this ledger's one projector, for as long as the session lives.
-- Parameters: none
-- Rows: one: whether this session holds the lock now, and the backend that answers.
-- Guard: the advisory lock itself; PostgreSQL gives it back when the session ends, however it ends.
select
  pg_try_advisory_lock(hashtextextended('lockstep projection ' || id::text, 0)) as held,
  pg_backend_pid() as pid
from ledger_identity
