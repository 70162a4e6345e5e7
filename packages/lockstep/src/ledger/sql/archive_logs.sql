-- Purpose: reads the newest log lines of several jobs, for the archive.
-- Parameters: $1 ids, $2 lines per job, $3 bytes of messages per job
-- Rows: ordered by job and line. `found`: how many lines the job has, at most $2 + 1.
-- Guard: none, reads only.
select l.job_id, l.seq::double precision as seq, l.attempt, l.at, l.level, l.message, l.found
from unnest($1::uuid[]) as asked(id)
cross join lateral (
  select
    n.job_id, n.seq, n.attempt, n.at, n.level, n.message,
    (count(*) over ())::integer as found,
    row_number() over (order by n.seq desc) as place,
    sum(octet_length(n.message)) over (order by n.seq desc) as bytes
  from (
    select g.job_id, g.seq, g.attempt, g.at, g.level, g.message
    from lockstep.job_logs g
    where g.job_id = asked.id
    order by g.seq desc
    limit $2::integer + 1
  ) n
) l
where l.place <= $2::integer
  and l.bytes <= $3::integer
order by l.job_id, l.seq
