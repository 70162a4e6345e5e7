-- The ledger: one row per job, one row per transition, and the triggers that make it impossible to
-- have one without the other. All names are in the schema that comes first in the search path.

create table ledger_identity (
  singleton boolean primary key default true check (singleton),
  id uuid not null default gen_random_uuid(),
  created_at timestamptz not null default clock_timestamp()
);

insert into ledger_identity default values;

create table queues (
  name text primary key check (char_length(name) between 1 and 100),
  paused_at timestamptz,
  created_at timestamptz not null default clock_timestamp()
);

-- One narrow row per worker process. A heartbeat changes no indexed column, so it is a HOT update.
create table workers (
  id uuid primary key,
  name text not null,
  host text not null,
  pid integer not null,
  queues text[] not null,
  kinds text[] not null,
  concurrency integer not null check (concurrency > 0),
  embedded boolean not null default false,
  started_at timestamptz not null default clock_timestamp(),
  heartbeat_at timestamptz not null default clock_timestamp(),
  draining boolean not null default false
) with (fillfactor = 30);

create table jobs (
  id uuid primary key,
  kind text not null check (char_length(kind) between 1 and 100),
  queue text not null check (char_length(queue) between 1 and 100),
  status text not null default 'pending',
  priority smallint not null default 0,
  attempt integer not null default 0,
  failures integer not null default 0,
  max_attempts integer not null default 3 check (max_attempts between 1 and 1000),
  version integer not null default 1,
  input jsonb not null,
  output jsonb,
  error jsonb,
  progress jsonb,
  worker_id uuid,
  run_at timestamptz not null default clock_timestamp(),
  ready_at timestamptz,
  deadline_at timestamptz,
  timeout_ms integer check (timeout_ms > 0),
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  cancel_requested_at timestamptz,
  actor text not null,
  reason text not null,
  idempotency_key text check (char_length(idempotency_key) between 1 and 255),
  request_hash bytea,
  unique_key text check (char_length(unique_key) between 1 and 255),
  tags text[] not null default '{}',
  traceparent text check (char_length(traceparent) <= 128),
  constraint jobs_status_is_a_word check (status in ('pending', 'running', 'completed', 'failed', 'cancelled')),
  constraint jobs_finished_exactly_when_terminal check ((finished_at is not null) = (status in ('completed', 'failed', 'cancelled'))),
  constraint jobs_running_has_a_worker check (status <> 'running' or (worker_id is not null and started_at is not null and attempt > 0)),
  constraint jobs_output_only_when_completed check (output is null or status = 'completed'),
  constraint jobs_error_fits_status check (case status when 'completed' then error is null when 'failed' then error is not null else true end),
  constraint jobs_deadline_only_when_running check (deadline_at is null or status = 'running'),
  constraint jobs_pending_has_no_cancel_request check (status <> 'pending' or cancel_requested_at is null),
  constraint jobs_counters check (version > 0 and attempt >= 0 and failures between 0 and attempt),
  constraint jobs_idempotency_has_hash check ((idempotency_key is null) = (request_hash is null))
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05);

-- Only jobs that can be claimed now. A claim scans this index forward and never goes back.
create index jobs_claimable on jobs (queue, priority, ready_at, id) where status = 'pending' and ready_at is not null;
-- Delayed jobs and retries in back-off, for the promoter.
create index jobs_delayed on jobs (run_at, id) where status = 'pending' and ready_at is null;
-- By id, because new ids are added at the right end. An index by worker_id (few keys, many dead
-- entries) cost a third of the throughput.
create index jobs_running on jobs (id) where status = 'running';
create index jobs_ended_badly on jobs (status, id) where status in ('failed', 'cancelled');
create index jobs_failed_at on jobs (finished_at) where status = 'failed';
create unique index jobs_idempotency_key on jobs (idempotency_key) where idempotency_key is not null;
create unique index jobs_unique_key on jobs (kind, unique_key) where unique_key is not null and status in ('pending', 'running');
create index jobs_tags on jobs using gin (tags) where tags <> '{}';

-- Every committed change of status, kept as long as its job. Only the triggers below write it.
create table transitions (
  job_id uuid not null,
  version integer not null,
  from_status text,
  status text not null,
  attempt integer not null,
  actor text not null,
  reason text not null,
  detail jsonb,
  at timestamptz not null default clock_timestamp(),
  xid xid8 not null default pg_current_xact_id(),
  seq bigint not null generated always as identity,
  primary key (job_id, version)
) with (autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05);

-- The feed reads in this order.
create index transitions_feed on transitions (xid, seq);

-- A finished result of an attempt that had been taken away: kept, but never shown as the job's
-- result.
create table late_results (
  job_id uuid not null,
  attempt integer not null,
  worker_id uuid not null,
  outcome jsonb not null,
  received_at timestamptz not null default clock_timestamp(),
  primary key (job_id, attempt, worker_id)
);

create table job_logs (
  job_id uuid not null,
  seq bigint not null generated always as identity,
  attempt integer not null,
  at timestamptz not null default clock_timestamp(),
  level text not null check (level in ('debug', 'info', 'warn', 'error')),
  message text not null,
  primary key (job_id, seq)
);

create table api_keys (
  id uuid primary key,
  name text not null check (char_length(name) between 1 and 100),
  role text not null check (role in ('read', 'submit', 'operate', 'work', 'admin')),
  hash bytea not null unique,
  created_at timestamptz not null default clock_timestamp(),
  revoked_at timestamptz
);

-- Never returns. It is a function so that a CASE can refuse one row of a set.
create function lockstep_refuse(reason text) returns text
language plpgsql volatile as $$
begin
  raise exception using
    errcode = 'LS001',
    message = reason,
    hint = 'The ledger accepts only the changes of the transition table, each with version = old version + 1, an actor and a reason.';
end
$$;

create function lockstep_log_inserts() returns trigger
language plpgsql
set search_path from current
as $$
begin
  insert into transitions (job_id, version, from_status, status, attempt, actor, reason)
  select
    n.id,
    n.version,
    null,
    case
      when n.status = 'pending' and n.version = 1 and n.attempt = 0 and n.failures = 0 and n.reason = 'submitted'
        and n.worker_id is null and n.started_at is null and n.error is null
      then n.status
      else lockstep_refuse(format('job %s: a job begins as pending, version 1, attempt 0, reason submitted', n.id))
    end,
    n.attempt,
    n.actor,
    n.reason
  from new_rows n;
  return null;
end
$$;

-- Hash joins on purpose: a plan that was cached for one row and then run for five hundred would be
-- a nested loop over two tuplestores.
create function lockstep_log_updates() returns trigger
language plpgsql
set search_path from current
set enable_nestloop = off
set enable_mergejoin = off
set enable_hashjoin = on
as $$
begin
  insert into transitions (job_id, version, from_status, status, attempt, actor, reason, detail)
  select
    n.id,
    n.version,
    o.status,
    case
      when n.version = o.version + 1
        and (o.status || '>' || n.status || ':' || n.reason) in (
          'pending>running:claimed', 'pending>completed:late_result', 'pending>cancelled:cancelled',
          'running>completed:succeeded', 'running>failed:error', 'running>pending:retry', 'running>pending:released',
          'running>pending:timeout', 'running>failed:timeout', 'running>cancelled:cancelled',
          'running>pending:lost', 'running>failed:lost', 'running>running:cancel_requested',
          'completed>pending:requeued', 'failed>pending:requeued', 'cancelled>pending:requeued'
        )
        and n.attempt = o.attempt + (case n.reason when 'claimed' then 1 else 0 end)
        and n.failures in (o.failures, o.failures + 1, case n.reason when 'requeued' then 0 else o.failures end)
        and (n.reason = 'claimed' or n.worker_id is not distinct from o.worker_id)
        and (n.reason <> 'cancel_requested' or (o.cancel_requested_at is null and n.cancel_requested_at is not null))
        and n.kind = o.kind and n.created_at = o.created_at
      then n.status
      else lockstep_refuse(format(
        'job %s: %s version %s attempt %s cannot become %s version %s attempt %s (%s)',
        n.id, o.status, o.version, o.attempt, n.status, n.version, n.attempt, n.reason))
    end,
    n.attempt,
    n.actor,
    n.reason,
    case
      when n.reason = 'requeued' then jsonb_build_object('output', o.output, 'error', o.error, 'finished_at', o.finished_at)
      when n.error is distinct from o.error then n.error
    end
  from new_rows n
  join old_rows o on o.id = n.id
  where n.version <> o.version
    or n.status <> o.status
    or n.attempt <> o.attempt
    or n.failures <> o.failures
    or n.actor <> o.actor
    or n.reason <> o.reason
    or n.kind <> o.kind
    or n.worker_id is distinct from o.worker_id
    or n.started_at is distinct from o.started_at
    or n.finished_at is distinct from o.finished_at
    or n.cancel_requested_at is distinct from o.cancel_requested_at
    or n.created_at <> o.created_at
    or n.input is distinct from o.input
    or n.output is distinct from o.output
    or n.error is distinct from o.error;
  return null;
end
$$;

-- Only a finished job can be deleted, and its history is deleted with it.
create function lockstep_delete_history() returns trigger
language plpgsql
set search_path from current
as $$
declare
  unfinished uuid;
begin
  select id into unfinished from old_rows where status in ('pending', 'running') limit 1;
  if unfinished is not null then
    perform lockstep_refuse(format('job %s has not finished, so it cannot be deleted', unfinished));
  end if;
  delete from transitions where job_id in (select id from old_rows);
  delete from job_logs where job_id in (select id from old_rows);
  delete from late_results where job_id in (select id from old_rows);
  return null;
end
$$;

create function lockstep_refuse_change() returns trigger
language plpgsql as $$
begin
  perform lockstep_refuse(format('%s on %s is refused: %s', lower(tg_op), tg_table_name, tg_argv[0]));
  return null;
end
$$;

create trigger jobs_log_inserts after insert on jobs
  referencing new table as new_rows
  for each statement execute function lockstep_log_inserts();

create trigger jobs_log_updates after update on jobs
  referencing old table as old_rows new table as new_rows
  for each statement execute function lockstep_log_updates();

create trigger jobs_delete_history after delete on jobs
  referencing old table as old_rows
  for each statement execute function lockstep_delete_history();

create trigger jobs_keep_id before update of id on jobs
  for each statement execute function lockstep_refuse_change('a job keeps its id');

create trigger jobs_keep_all before truncate on jobs
  for each statement execute function lockstep_refuse_change('jobs are deleted one by one, once they have finished');

create trigger transitions_only_by_trigger before insert or update or delete on transitions
  for each statement when (pg_trigger_depth() = 0) execute function lockstep_refuse_change('the log is written by the triggers on jobs');

create trigger transitions_keep_all before truncate on transitions
  for each statement execute function lockstep_refuse_change('the log is kept as long as its jobs');
