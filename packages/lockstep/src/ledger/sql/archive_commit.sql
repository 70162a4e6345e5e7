-- Purpose: replaces jobs whose records are safely in files by rows that say how they ended and
--   where their records are.
-- Parameters: $1 jsonb array of files {n: name, s: store, j: jobs, b: bytes, h: sha256 (hex)}
--   $2 jsonb array of jobs {i: id, v: version, r: late results, f: file, o: offset, b: bytes, l:
--   line}
--   $3 only jobs that finished before this time
-- Rows: one: how many were replaced.
-- Guard: exactly the version that was written to the file, still terminal and old enough, with no
--   late result that the file lacks. If another transaction holds a row (a requeue in progress), it
--   is skipped. One statement, one commit; the delete trigger deletes the history too.
with files as (
  insert into lockstep.archive_files (name, store, jobs, bytes, sha256)
  select f.n, f.s, f.j, f.b, decode(f.h, 'hex')
  from jsonb_to_recordset($1::jsonb) as f(n text, s text, j integer, b bigint, h text)
  order by f.n
  on conflict (name) do update set store = excluded.store
  returning id, name
),
asked as materialized (
  select a.i, a.v, a.r, a.f, a.o, a.b, a.l
  from jsonb_to_recordset($2::jsonb) as a(i uuid, v integer, r integer, f text, o bigint, b integer, l integer)
),
held as materialized (
  select j.id, a.f, a.o, a.b, a.l
  from asked a
  join lockstep.jobs j on j.id = a.i
  where j.version = a.v
    and j.status in ('completed', 'failed', 'cancelled')
    and j.finished_at < $3::timestamptz
    and (select count(*) from lockstep.late_results l where l.job_id = j.id) = a.r
    and not exists (select from lockstep.archived_jobs x where x.id = j.id)
  order by j.id
  for update of j skip locked
),
gone as (
  delete from lockstep.jobs j
  using held h
  where j.id = h.id
  returning {j.archived}, h.f, h.o, h.b, h.l
),
kept as (
  insert into lockstep.archived_jobs ({archived}, file_id, member_offset, member_bytes, line)
  select {g.archived}, f.id, g.o, g.b, g.l
  from gone g
  join files f on f.name = g.f
  returning id
)
select count(*)::integer as replaced
from kept
