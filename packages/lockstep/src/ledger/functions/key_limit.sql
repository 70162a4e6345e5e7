-- The limit of one key: its own, or else the limit of each key. No row: no limit.
create function lockstep.key_limit(of_queue text, of_key text) returns setof lockstep.queue_limits
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select l.*
  from lockstep.queue_limits l
  where l.queue = of_queue
    and ((l.scope = 'key' and l.key = of_key) or l.scope = 'each_key')
  order by l.scope desc
  limit 1
$$;
