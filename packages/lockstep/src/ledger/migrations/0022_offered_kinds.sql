-- The kinds that some worker has offered. A server takes jobs of them, whether it defines them itself or not, and also while no such
-- worker lives.
create table offered_kinds (
  kind text primary key,
  first_offered_at timestamptz not null default clock_timestamp()
);

insert into offered_kinds (kind)
select distinct unnest(kinds) from workers;
