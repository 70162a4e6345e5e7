-- The transitions visible in a later snapshot and not in an earlier one, in the order (xid, seq),
-- from a given place in that order on. A transaction that is visible in the later snapshot only was
-- either in progress in the earlier one or had not begun. So nothing is skipped, nothing is read
-- twice, and no open transaction stalls the read. There are two branches so that an old transaction
-- costs one look-up, not a walk over everything since it began. Never by bitmap: for each page that
-- would read and sort the whole backlog.
-- A row of `changes` holds many transitions: `seq` is its number times 2^20 plus the place in it.
create function lockstep.feed_page(
  earlier_xmax xid8,
  earlier_under_way xid8[],
  later pg_snapshot,
  after_xid xid8,
  after_seq bigint,
  page_limit integer
) returns table (job_id uuid, version integer, status text, at timestamptz, xid xid8, seq bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set enable_bitmapscan = off
as $$
#variable_conflict use_column
begin
  return query
  select u.job_id, u.version, u.status, s.at, s.xid, (s.seq << 20) + u.place
  from (
    select b.*
    from (
      (
        select c.*
        from lockstep.changes c
        where c.xid = any(earlier_under_way)
          and (c.xid, c.seq) >= (after_xid, after_seq >> 20)
          and pg_visible_in_snapshot(c.xid, later)
        order by c.xid, c.seq
        limit page_limit
      )
      union all
      (
        select c.*
        from lockstep.changes c
        where c.xid >= earlier_xmax
          and (c.xid, c.seq) >= (after_xid, after_seq >> 20)
          and pg_visible_in_snapshot(c.xid, later)
        order by c.xid, c.seq
        limit page_limit
      )
    ) b
    order by b.xid, b.seq
  ) s
  cross join lateral unnest(s.job_ids, s.versions, s.statuses) with ordinality as u(job_id, version, status, place)
  where (s.xid, (s.seq << 20) + u.place) > (after_xid, after_seq)
  limit page_limit;
end
$$;
