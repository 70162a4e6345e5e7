-- Purpose: registers a worker process, or renews its registration, and stores the kinds it offers.
-- Parameters: $1 id, $2 name, $3 host, $4 pid, $5 queues, $6 kinds, $7 concurrency, $8 embedded,
--   $9 id of the API key that registers it, or null
-- Rows: none.
-- Guard: the id belongs to this process. A worker keeps the key of its first registration. A known
--   kind stays as it is; kinds are inserted in the order of names, so that two workers cannot block
--   each other.
with offered as (
  insert into lockstep.kinds (name)
  select distinct o.kind
  from unnest($6::text[]) as o(kind)
  where not exists (select from lockstep.kinds k where k.name = o.kind)
  order by o.kind
  on conflict do nothing
)
insert into lockstep.workers (id, name, host, pid, queues, kinds, concurrency, embedded, key_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (id) do update
set name = excluded.name, host = excluded.host, pid = excluded.pid, queues = excluded.queues, kinds = excluded.kinds,
  concurrency = excluded.concurrency, heartbeat_at = clock_timestamp(), draining = false
