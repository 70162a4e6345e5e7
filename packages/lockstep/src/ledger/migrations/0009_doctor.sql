-- The doctor's writes to Lockstep's own stores, and who requested them. A row is added before its
-- write. A row without an outcome means that it is unknown whether the write was made.
create table doctor_writes (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor text not null check (char_length(actor) between 1 and 200),
  -- The run that the write belongs to; null: there was no plan, because this drift is repaired
  -- wherever it is found.
  run uuid,
  view text not null check (char_length(view) between 1 and 200),
  job_id uuid not null,
  action text not null check (action in ('refresh', 'restore', 'enqueue')),
  outcome text check (outcome in ('written', 'changed', 'refused'))
);

create index doctor_writes_job on doctor_writes (job_id, id);
create index doctor_writes_at on doctor_writes (at);
