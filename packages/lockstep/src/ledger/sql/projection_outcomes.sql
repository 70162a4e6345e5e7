-- Purpose: reads what the copies of these jobs must show as output or error, as a digest, so that
--   copies can be compared without sending every output.
-- Parameters: $1 ids, separated by commas, $2 the maximum bytes of an output or error in a copy
-- Rows: one for each job that exists, in no particular order. digest: MD5 of the JSON text, `none`
--   when there is none or it is null, null when it is larger than $2.
-- Guard: none, reads only. `offset 0` makes PostgreSQL build the text only once, although it is
--   used several times.
select
  j.id,
  j.version,
  case when o.text is null or o.text = 'null' then 'none' when octet_length(o.text) <= $2 then md5(o.text) end as digest
from lockstep.jobs j
cross join lateral (select coalesce(j.output, j.error)::text as text offset 0) o
where j.id = any(string_to_array($1, ',')::uuid[])
