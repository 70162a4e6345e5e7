-- Purpose: closes claims of which no job runs any more: two transactions that settled the last jobs
--   of a claim at the same time both left it.
-- Parameters: $1 seconds since the claim
-- Rows: none.
-- Guard: in lockstep.close_claims.
select lockstep.close_claims(array(
  select c.token
  from lockstep.claims c
  where c.claimed_at < clock_timestamp() - $1::double precision * interval '1 second'
), '{}')
