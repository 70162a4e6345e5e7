-- What the bridge to BullMQ must remember on this side.

-- The job's own BullMQ options (lifo, removeOnComplete, ...), from its submit until its entry in BullMQ is made, and made again.
create table bullmq_entries (
  job_id uuid primary key,
  options jsonb not null
);

-- Which process copies a queue into BullMQ now. A lease in a row and not an advisory lock, so that it also holds behind a pooler.
-- Two relays at once are harmless: both add the same ids.
create table bullmq_relays (
  name text primary key check (char_length(name) between 1 and 100),
  holder uuid not null,
  held_until timestamptz not null
) with (fillfactor = 50);

create function lockstep_delete_bullmq_entries() returns trigger
language plpgsql
set search_path from current
as $$
begin
  delete from bullmq_entries where job_id in (select id from old_rows);
  return null;
end
$$;

-- By statement, not as a foreign key: its triggers on jobs would be looked at for every row that a turn changes.
create trigger jobs_delete_bullmq_entries after delete on jobs
  referencing old table as old_rows
  for each statement execute function lockstep_delete_bullmq_entries();
