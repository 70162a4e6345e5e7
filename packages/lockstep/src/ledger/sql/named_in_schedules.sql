-- Purpose: finds which of these file ids the inputs of schedules name.
-- Parameters: $1 file ids
-- Rows: one.
-- Guard: none, reads only.
select
  array(
    select distinct m.found[1]
    from lockstep.schedules s
    cross join lateral regexp_matches(s.input::text, '\m([0-9a-f]{64})\M', 'g') m(found)
    where m.found[1] = any($1::text[])
  ) as named
