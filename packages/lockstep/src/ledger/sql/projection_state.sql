-- Purpose: reads what this database stores about the projection.
-- Parameters: $1 the cursor's name, $2 seconds of silence after which a cursor is forgotten
-- Rows: one: the ids of the ledger and of its feed, the backend that answers, the clock in
--   milliseconds; generation, epoch and recorded_feed are null when there has never been a
--   projection, position is null when the cursor was never stored or is forgotten.
-- Guard: none, reads only.
select
  l.id as ledger,
  f.id as feed,
  pg_backend_pid() as pid,
  (extract(epoch from clock_timestamp()) * 1000)::bigint as clock_ms,
  p.generation,
  p.epoch,
  p.feed as recorded_feed,
  p.rebuilding,
  c.position
from lockstep.ledger_identity l
cross join lockstep.feed_state f
left join lockstep.projection_state p on p.singleton
left join lockstep.feed_cursors c on c.name = $1 and c.updated_at > clock_timestamp() - $2::integer * interval '1 second'
