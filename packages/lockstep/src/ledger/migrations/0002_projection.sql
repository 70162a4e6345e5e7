-- What the ledger's database must store about the projection (the copy of the ledger in Redis).

-- How far each reader of the feed has read. The snapshot in the second part of a position (split at
-- '/') is safe to compare with: everything visible in it has been delivered to that reader. A job
-- must not be deleted while its last transition is not visible in the snapshot of every reader that
-- saved its cursor during the last day. A reader that was silent for longer starts again by itself.
create table feed_cursors (
  name text primary key check (char_length(name) between 1 and 100),
  position text not null,
  updated_at timestamptz not null default clock_timestamp()
);

-- The generation that Redis must name too. If Redis has another one or none, Redis was flushed,
-- restored or replaced; if the cluster here is another one, PostgreSQL was. Epochs only grow, so a
-- value of an older epoch can be recognised.
create table projection_state (
  singleton boolean primary key default true check (singleton),
  generation uuid not null,
  epoch bigint not null check (epoch > 0),
  cluster text not null,
  rebuilding boolean not null,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  constraint projection_state_finished_exactly_when_rebuilt check (rebuilding = (finished_at is null))
);

-- The transitions visible in a later snapshot and not in an earlier one, in the order (xid, seq),
-- from a given place in that order on. A transaction that is visible in the later snapshot only was
-- either in progress in the earlier one or had not begun. So nothing is skipped, nothing is read
-- twice, and no open transaction stalls the read. There are two branches so that an old transaction
-- costs one look-up, not a walk over everything since it began. Never by bitmap: for each page that
-- would read and sort the whole backlog.
create function lockstep_feed_page(
  earlier_xmax xid8,
  earlier_under_way xid8[],
  later pg_snapshot,
  after_xid xid8,
  after_seq bigint,
  page_limit integer
) returns setof transitions
language plpgsql stable
set search_path from current
set enable_bitmapscan = off
as $$
begin
  return query
  select s.*
  from (
    (
      select t.*
      from transitions t
      where t.xid = any(earlier_under_way)
        and (t.xid, t.seq) > (after_xid, after_seq)
        and pg_visible_in_snapshot(t.xid, later)
      order by t.xid, t.seq
      limit page_limit
    )
    union all
    (
      select t.*
      from transitions t
      where t.xid >= earlier_xmax
        and (t.xid, t.seq) > (after_xid, after_seq)
        and pg_visible_in_snapshot(t.xid, later)
      order by t.xid, t.seq
      limit page_limit
    )
  ) s
  order by s.xid, s.seq
  limit page_limit;
end
$$;
