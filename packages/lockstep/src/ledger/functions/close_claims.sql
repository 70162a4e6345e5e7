-- Deletes claims of which no job runs any more. No later claim has the same token, so none of its
-- jobs will run again under it. Two transactions that settle the last jobs of a claim at the same
-- time may both leave it: the maintenance closes it then.
-- Parameters: the tokens of the claims, with repetitions; jobs that this transaction has ended, so
--   that they need not be looked up again
-- Its callers forbid plans that read a whole table.
create function lockstep.close_claims(tokens uuid[], ended uuid[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  delete from lockstep.claims c
  where c.token in (select distinct t from unnest(tokens) t)
    and not exists (
      select
      from (select unnest(c.job_ids) as id except select unnest(ended)) u
      join lockstep.jobs j on j.id = u.id
      where j.claim_token = c.token
        and j.status = 'running'
    );
end
$$;
