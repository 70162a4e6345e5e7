-- Purpose: reads the current position of the feed.
-- Parameters: none
-- Rows: one: the id of the feed, whether it is bound to this cluster, the snapshot (the reader has
--   passed exactly the transactions visible in it), and the floor: the newest transaction whose
--   changes may have been deleted.
-- Guard: none, reads only.
select
  f.id as feed,
  coalesce(f.cluster = lockstep.cluster_identity(), false) as bound,
  pg_current_snapshot()::text as snapshot,
  f.floor::text as floor
from lockstep.feed_state f
