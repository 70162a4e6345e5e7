-- What the ledger's database must store for the bridge to BullMQ.

-- The job's own BullMQ options (lifo, removeOnComplete, ...). They are kept after the submit until
-- the job's entry in BullMQ is made, and for making it again.
create table bullmq_entries (
  job_id uuid primary key,
  options jsonb not null
);

-- Which process copies a queue into BullMQ now. It is a lease in a row, not an advisory lock, so
-- that it also works behind a pooler. Two relays at once are harmless: both add the same ids.
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

-- A statement-level trigger, not a foreign key: a foreign key's triggers on jobs would be checked
-- for every row that a turn changes.
create trigger jobs_delete_bullmq_entries after delete on jobs
  referencing old table as old_rows
  for each statement execute function lockstep_delete_bullmq_entries();
