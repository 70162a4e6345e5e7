-- Purpose: resets the counts of a limit that is about to be set, unless its period stays the same.
-- Parameters: $1 queue, $2 scope, $3 key or '', $4 the new period in ms or null
-- Rows: none.
-- Guard: the queue's row is locked (hold_queue.sql). Counts of another period have slices of
--   another width.
delete from lockstep.limit_starts s
where s.queue = $1
  and case $2 when 'queue' then s.key = '' when 'key' then s.key = $3 else s.key <> '' end
  and not exists (
    select
    from lockstep.queue_limits l
    where l.queue = $1
      and l.scope = $2
      and l.key = $3
      and l.rate_ms = $4::integer
  )
