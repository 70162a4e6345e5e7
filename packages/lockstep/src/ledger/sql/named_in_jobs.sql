-- Purpose: reads a page of the walk over jobs by id: finds which of these file ids their inputs
--   name, at any place in the input.
-- Parameters: $1 file ids, $2 the last job seen, $3 jobs to examine
-- Rows: one: the file ids that are named, and the last job of the page (null when there is none).
-- Guard: none, reads only. A walk instead of an index: so the files a job names cost nothing when
--   it is submitted.
with page as materialized (
  select j.id, j.input
  from lockstep.jobs j
  where j.id > $2::uuid
  order by j.id
  limit $3
)
select
  array(
    select distinct m.found[1]
    from page p
    cross join lateral regexp_matches(p.input::text, '\m([0-9a-f]{64})\M', 'g') m(found)
    where m.found[1] = any($1::text[])
  ) as named,
  (select p.id from page p order by p.id desc limit 1) as last
