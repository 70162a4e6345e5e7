-- Recurring jobs: when each is due next, and what is submitted then.

create table schedules (
  name text primary key check (char_length(name) between 1 and 100),
  kind text not null check (char_length(kind) between 1 and 100),
  queue text not null check (char_length(queue) between 1 and 100),
  input jsonb not null,
  priority smallint not null,
  max_attempts integer not null check (max_attempts between 1 and 1000),
  timeout_ms integer check (timeout_ms > 0),
  unique_key text check (char_length(unique_key) between 1 and 255),
  tags text[] not null,
  cron text not null check (char_length(cron) between 1 and 200),
  timezone text not null check (char_length(timezone) between 1 and 100),
  catch_up text not null check (catch_up in ('none', 'one', 'all')),
  -- null: its last time has passed
  next_at timestamptz,
  last_at timestamptz,
  last_job_id uuid,
  paused_at timestamptz,
  actor text not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);

create index schedules_due on schedules (next_at) where paused_at is null and next_at is not null;
