-- Batches: many jobs that were submitted together, and are counted, cancelled and retried together.
-- A batch stores no counts, because then every job that ends would wait for one row. The jobs are
-- counted on request, over the batch's part of an index: exact at any moment, some milliseconds for
-- 10,000 jobs. A job without a batch is not in that index.

create table batches (
  id uuid primary key,
  name text not null check (char_length(name) between 1 and 200),
  kind text not null check (char_length(kind) between 1 and 100),
  jobs integer not null check (jobs > 0),
  skipped integer not null default 0 check (skipped >= 0),
  skipped_lines jsonb not null default '[]',
  library text,
  actor text not null,
  created_at timestamptz not null default clock_timestamp(),
  idempotency_key text check (char_length(idempotency_key) between 1 and 255),
  request_hash bytea,
  constraint batches_idempotency_has_hash check ((idempotency_key is null) = (request_hash is null))
);

create unique index batches_idempotency_key on batches (idempotency_key) where idempotency_key is not null;

-- No foreign key: its trigger would run for every job that is inserted. A batch and its jobs are
-- inserted in one transaction.
alter table jobs add column batch_id uuid;
create index jobs_of_batch on jobs (batch_id, status, id) where batch_id is not null;

alter table archived_jobs add column batch_id uuid;
create index archived_jobs_of_batch on archived_jobs (batch_id, status, id) where batch_id is not null;

create trigger jobs_keep_batch before update of batch_id on jobs
  for each statement execute function lockstep_refuse_change('a job keeps its batch');

create trigger batches_keep_all before update or delete or truncate on batches
  for each statement execute function lockstep_refuse_change('what was submitted together stays so');
