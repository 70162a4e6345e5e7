-- Purpose: records that the projection is being rebuilt, as a new generation.
-- Parameters: $1 generation, $2 epoch, $3 the feed
-- Rows: one when recorded.
-- Guard: the epoch is later than the recorded one, so that a projector that was replaced cannot go
--   back.
insert into lockstep.projection_state as p (generation, epoch, feed, rebuilding)
values ($1::uuid, $2::bigint, $3::uuid, true)
on conflict (singleton) do update
set generation = excluded.generation,
  epoch = excluded.epoch,
  feed = excluded.feed,
  rebuilding = true,
  started_at = clock_timestamp(),
  finished_at = null
where p.epoch < excluded.epoch
returning generation
