-- Purpose: records that the projection is being rebuilt, as a new generation.
-- Parameters: $1 generation, $2 epoch, $3 the cluster
-- Rows: one when recorded.
-- Guard: the epoch is later than the recorded one, so that a projector that was replaced cannot go
--   back.
insert into lockstep.projection_state as p (generation, epoch, cluster, rebuilding)
values ($1::uuid, $2::bigint, $3, true)
on conflict (singleton) do update
set generation = excluded.generation,
  epoch = excluded.epoch,
  cluster = excluded.cluster,
  rebuilding = true,
  started_at = clock_timestamp(),
  finished_at = null
where p.epoch < excluded.epoch
returning generation
