-- The archive: finished jobs moved to files. The ledger keeps how each job ended and where its
-- record is.

create table archive_files (
  id bigint generated always as identity primary key,
  name text not null unique,
  store text not null,
  jobs integer not null check (jobs > 0),
  bytes bigint not null check (bytes > 0),
  sha256 bytea not null,
  written_at timestamptz not null default clock_timestamp()
);

-- One row per archived job, kept permanently: narrow, and with only the two indexes that answer
-- questions.
create table archived_jobs (
  id uuid primary key,
  created_at timestamptz not null,
  run_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz not null,
  cancel_requested_at timestamptz,
  archived_at timestamptz not null default clock_timestamp(),
  file_id bigint not null references archive_files (id),
  member_offset bigint not null check (member_offset >= 0),
  member_bytes integer not null check (member_bytes > 0),
  line integer not null check (line >= 0),
  version integer not null,
  attempt integer not null,
  failures integer not null,
  max_attempts integer not null,
  timeout_ms integer,
  priority smallint not null,
  worker_id uuid,
  kind text not null,
  queue text not null,
  status text not null check (status in ('completed', 'failed', 'cancelled')),
  actor text not null,
  reason text not null,
  unique_key text,
  idempotency_key text,
  request_hash bytea,
  tags text[] not null,
  constraint archived_jobs_idempotency_has_hash check ((idempotency_key is null) = (request_hash is null))
);

-- Not unique: a second row with the same key, however it came about, must not stop the archive.
create index archived_jobs_idempotency_key on archived_jobs (idempotency_key) where idempotency_key is not null;

-- feed_floor: the newest transaction whose history rows may be gone. A reader of the feed that may
-- have missed it must start again.
create table archive_state (
  singleton boolean primary key default true check (singleton),
  feed_floor xid8 not null default '0',
  runner uuid,
  runner_until timestamptz,
  last_run_at timestamptz
);

insert into archive_state default values;

create trigger archived_jobs_keep_their_end before update or truncate on archived_jobs
  for each statement execute function lockstep_refuse_change('how a job ended does not change');

-- The insert itself checks for archived keys (sql/insert_jobs.sql). But its snapshot may be older
-- than the archive's commit, while the unique index no longer has the key. This check runs after
-- the index entry was made, with its own snapshot.
create function lockstep_refuse_archived_key() returns trigger
language plpgsql
set search_path from current
as $$
begin
  if exists (select from archived_jobs a where a.idempotency_key = new.idempotency_key) then
    raise exception using
      errcode = 'LS002',
      message = format('the idempotency key of job %s belongs to a job that was archived meanwhile', new.id);
  end if;
  return null;
end
$$;

create trigger jobs_refuse_archived_key after insert on jobs
  for each row when (new.idempotency_key is not null) execute function lockstep_refuse_archived_key();
