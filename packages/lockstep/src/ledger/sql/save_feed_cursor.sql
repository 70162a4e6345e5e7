-- Purpose: stores how far a reader of the feed has read.
-- Parameters: $1 name, $2 position
-- Rows: none; one affected.
-- Guard: none needed: a reader that was replaced can only move its cursor back, which delivers
--   again and skips nothing.
insert into lockstep.feed_cursors (name, position)
values ($1, $2)
on conflict (name) do update
set position = excluded.position,
  updated_at = clock_timestamp()
