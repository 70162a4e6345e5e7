-- Purpose: what the copies of these jobs must show as output or error, as a digest, so that copies can be compared without sending every output.
-- Parameters: $1 ids, separated by commas, $2 the most bytes of an output or error that a copy holds
-- Rows: one for each job that exists, in no order. digest: MD5 of the JSON text, `none` where there is none or it is null, null where it is
--   larger than $2.
-- Guard: none, reads only. `offset 0` keeps the text from being made once for each time it is named.
select
  j.id,
  j.version,
  case when o.text is null or o.text = 'null' then 'none' when octet_length(o.text) <= $2 then md5(o.text) end as digest
from jobs j
cross join lateral (select coalesce(j.output, j.error)::text as text offset 0) o
where j.id = any(string_to_array($1, ',')::uuid[])
