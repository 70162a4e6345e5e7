-- The kinds that any worker has ever offered. A server accepts jobs of these kinds even if it does
-- not define them itself and no such worker is alive.
create table offered_kinds (
  kind text primary key,
  first_offered_at timestamptz not null default clock_timestamp()
);

insert into offered_kinds (kind)
select distinct unnest(kinds) from workers;
