-- Deletes claims of which no job runs any more. No later claim has the same token, so none of its
-- jobs will run again under it. Two transactions that settle the last jobs of a claim at the same
-- time may both leave it: the maintenance closes it then.
create function lockstep.close_claims(tokens uuid[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  delete from lockstep.claims c
  where c.token = any(tokens)
    and not exists (
      select
      from unnest(c.job_ids) u(id)
      join lockstep.jobs j on j.id = u.id
      where j.claim_token = c.token
        and j.status = 'running'
    );
end
$$;
