-- Purpose: records that a rebuild is complete.
-- Parameters: $1 generation
-- Rows: none; one affected.
-- Guard: the generation is still the recorded one and is being rebuilt.
update lockstep.projection_state
set rebuilding = false,
  finished_at = clock_timestamp()
where generation = $1::uuid
  and rebuilding
