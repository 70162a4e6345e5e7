-- Like lockstep.limit_room, for one key with whatever limit it has.
create function lockstep.key_room(of_queue text, of_key text, moment timestamptz, out free integer, out wait_ms double precision)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
  own lockstep.queue_limits;
begin
  select l.* into own from lockstep.key_limit(of_queue, of_key) l;
  if not found then
    free := 2147483647;
    return;
  end if;
  select r.free, r.wait_ms into free, wait_ms
  from lockstep.limit_room(
    own, of_key, (select count(*) from lockstep.running_jobs j where j.queue = of_queue and j.limit_key = of_key), moment
  ) r;
end
$$;
