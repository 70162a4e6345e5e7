-- Binds the feed to the cluster that it is in now, if it is bound to another one: its positions and
-- its floor are numbers of transactions, which mean nothing in another cluster. Positions from
-- before are refused then, so each reader starts again once.
-- Parameters: how many changes to delete at most
-- Returns: whether it is bound now; if not, call it again. A change whose number is yet to come
-- here would be delivered when it is reached, so it is deleted.
-- One process at a time: it holds the row of feed_state.
create function lockstep.bind_feed(rows_max integer) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  here constant text := lockstep.cluster_identity();
  bound_to text;
  deleted integer;
begin
  select f.cluster into bound_to
  from lockstep.feed_state f
  for update;
  if bound_to = here then
    return true;
  end if;
  with foreign_rows as materialized (
    select c.xid, c.seq
    from lockstep.changes c
    where c.xid >= pg_snapshot_xmin(pg_current_snapshot())
    order by c.xid, c.seq
    limit rows_max
  )
  delete from lockstep.changes c
  using foreign_rows f
  where c.xid = f.xid and c.seq = f.seq;
  get diagnostics deleted = row_count;
  if deleted = rows_max then
    return false;
  end if;
  delete from lockstep.feed_cursors;
  update lockstep.feed_state
  set id = gen_random_uuid(),
    cluster = here,
    floor = '0';
  return true;
end
$$;
