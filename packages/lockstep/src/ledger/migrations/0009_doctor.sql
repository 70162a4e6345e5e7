-- What the doctor wrote to Lockstep's own stores, and who had it do so. A line is there before its write; without an outcome, nobody knows
-- whether the write was made.
create table doctor_writes (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor text not null check (char_length(actor) between 1 and 200),
  -- The run it belongs to; null: there was no plan, because it is repaired wherever it is found.
  run uuid,
  view text not null check (char_length(view) between 1 and 200),
  job_id uuid not null,
  action text not null check (action in ('refresh', 'restore', 'enqueue')),
  outcome text check (outcome in ('written', 'changed', 'refused'))
);

create index doctor_writes_job on doctor_writes (job_id, id);
create index doctor_writes_at on doctor_writes (at);
