-- Raises the error of a refused change.
create function lockstep.refuse(reason text) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = 'LS001',
    message = reason,
    hint = 'The ledger accepts only the changes of the transition table, each with version = old version + 1, an actor and a reason.';
end
$$;
