-- The tables of the ledger, by topic. All objects are in one schema. Every statement names it as
-- `lockstep`, which is replaced when the schema has another name. Functions and triggers are in
-- functions/, one file each.
-- Breaking: yes

-- Identity -------------------------------------------------------------------------------------

create table lockstep.ledger_identity (
  singleton boolean primary key default true check (singleton),
  id uuid not null default gen_random_uuid(),
  created_at timestamptz not null default clock_timestamp()
);

insert into lockstep.ledger_identity default values;

-- Queues and kinds -----------------------------------------------------------------------------

-- What is known about a queue. A queue without a row is an ordinary queue: its jobs are claimed
-- like any others.
create table lockstep.queues (
  name text primary key check (char_length(name) between 1 and 100),
  paused_at timestamptz,
  limited boolean not null default false,
  created_at timestamptz not null default clock_timestamp()
);

-- The kinds that a worker or a client has named. One that defines a kind records the defaults of a
-- submit, too.
create table lockstep.kinds (
  name text primary key check (char_length(name) between 1 and 100),
  queue text not null default 'default' check (char_length(queue) between 1 and 100),
  priority smallint not null default 0,
  max_attempts integer not null default 3 check (max_attempts between 1 and 1000),
  timeout_ms integer check (timeout_ms > 0),
  backoff jsonb,
  limit_key text check (char_length(limit_key) between 1 and 255),
  description text,
  -- null: the input is not described, so it is not checked.
  input_schema jsonb,
  -- Of everything above: tells whether a process defines the kind in the same way. Null: only its
  -- name is known.
  version_hash text,
  recorded_at timestamptz not null default clock_timestamp()
);

-- Workers --------------------------------------------------------------------------------------

-- One narrow row per worker process. A heartbeat changes no indexed column, so it is a HOT update.
create table lockstep.workers (
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
  draining boolean not null default false,
  -- The API key that registered it over HTTP; null: it registered itself, or without a key.
  key_id uuid
) with (fillfactor = 30);

-- Jobs -----------------------------------------------------------------------------------------

-- One row is the job. No index and no predicate of an index names `status` or `finished_at`: every
-- update would evaluate and maintain them. Instead there are columns that the ordinary path leaves
-- null: `ready_at` (claimable), `due_at` (delayed), `unique_hold` (the unique key of a live job),
-- `failed_at`, `cancelled_at` and `deadline_at`. So a settlement usually changes no index (it is a
-- HOT update). The running jobs are found through `claims`.
create table lockstep.jobs (
  id uuid primary key,
  worker_id uuid,
  -- Random, new for each claim: a claim that a failover lost cannot be mistaken for its successor.
  claim_token uuid,
  batch_id uuid,
  created_at timestamptz not null default clock_timestamp(),
  run_at timestamptz not null default clock_timestamp(),
  ready_at timestamptz,
  due_at timestamptz,
  deadline_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  failed_at timestamptz,
  cancelled_at timestamptz,
  cancel_requested_at timestamptz,
  version integer not null default 1,
  attempt integer not null default 0,
  failures integer not null default 0,
  losses integer not null default 0,
  max_attempts integer not null default 3 check (max_attempts between 1 and 1000),
  timeout_ms integer check (timeout_ms > 0),
  priority smallint not null default 0,
  kind text not null check (char_length(kind) between 1 and 100),
  queue text not null check (char_length(queue) between 1 and 100),
  status text not null default 'pending',
  actor text not null,
  reason text not null,
  unique_key text check (char_length(unique_key) between 1 and 255),
  unique_hold text,
  limit_key text check (char_length(limit_key) between 1 and 255),
  traceparent text check (char_length(traceparent) <= 128),
  tags text[] not null default '{}',
  input jsonb not null,
  output jsonb,
  error jsonb,
  progress jsonb,
  constraint jobs_columns_fit_status check (
    case status
      when 'pending' then
        (ready_at is null) <> (due_at is null) and deadline_at is null and cancel_requested_at is null
        and unique_hold is not distinct from unique_key and output is null
        and finished_at is null and failed_at is null and cancelled_at is null
      when 'running' then
        worker_id is not null and claim_token is not null and started_at is not null and attempt > 0
        and ready_at is null and due_at is null and unique_hold is not distinct from unique_key and output is null
        and finished_at is null and failed_at is null and cancelled_at is null
      when 'completed' then
        finished_at is not null and error is null and failed_at is null and cancelled_at is null
        and ready_at is null and due_at is null and deadline_at is null and unique_hold is null
      when 'failed' then
        failed_at is not null and finished_at = failed_at and error is not null and output is null and cancelled_at is null
        and ready_at is null and due_at is null and deadline_at is null and unique_hold is null
      when 'cancelled' then
        cancelled_at is not null and finished_at = cancelled_at and output is null and failed_at is null
        and ready_at is null and due_at is null and deadline_at is null and unique_hold is null
      else false
    end
  ),
  constraint jobs_counters check (version > 0 and failures >= 0 and losses >= 0 and failures + losses <= attempt)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05);

-- Only jobs that can be claimed now. A claim scans this index forward and never goes back.
create index jobs_claimable on lockstep.jobs (queue, priority, ready_at, id) where ready_at is not null;
-- The first claimable job of each key, wherever it is in the queue.
create index jobs_claimable_by_key on lockstep.jobs (queue, limit_key, priority, ready_at, id)
  where ready_at is not null and limit_key is not null;
-- Delayed jobs and retries in back-off, for the promoter.
create index jobs_delayed on lockstep.jobs (due_at, id) where due_at is not null;
-- Running jobs with a timeout, and those that were asked to stop.
create index jobs_deadline on lockstep.jobs (deadline_at) where deadline_at is not null;
create index jobs_failed on lockstep.jobs (id) where failed_at is not null;
create index jobs_failed_at on lockstep.jobs (failed_at) where failed_at is not null;
create index jobs_cancelled on lockstep.jobs (id) where cancelled_at is not null;
create unique index jobs_unique_key on lockstep.jobs (kind, unique_hold) where unique_hold is not null;
create index jobs_of_batch on lockstep.jobs (batch_id, id) where batch_id is not null;
create index jobs_tags on lockstep.jobs using gin (tags) where tags <> '{}';

-- Which jobs were claimed together: one row for each claim, deleted when none of its jobs runs any
-- more. It is how running jobs are found (the view running_jobs). One row for fifty jobs costs a
-- claim less than an index entry for each, and settling a job changes nothing here.
create table lockstep.claims (
  token uuid not null,
  worker_id uuid not null,
  queue text not null,
  claimed_at timestamptz not null default clock_timestamp(),
  job_ids uuid[] not null,
  primary key (token, worker_id, queue)
) with (fillfactor = 100, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

alter table lockstep.claims alter column job_ids set storage external;

-- A key always leads to the same job, also after that job was archived.
create table lockstep.idempotency_keys (
  key text primary key check (char_length(key) between 1 and 255),
  job_id uuid not null,
  request_hash bytea not null,
  created_at timestamptz not null default clock_timestamp()
);

-- History --------------------------------------------------------------------------------------

-- Every committed change of status, kept as long as its job. Only the triggers of jobs write it.
create table lockstep.transitions (
  job_id uuid not null,
  version integer not null,
  attempt integer not null,
  at timestamptz not null default clock_timestamp(),
  status text not null,
  actor text not null,
  reason text not null,
  detail jsonb,
  primary key (job_id, version)
) with (autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05);

-- What the feed reads: one row for each statement that changed jobs, with the jobs, versions and
-- statuses at the same places of the arrays. Rows are deleted after a stated time; a reader who is
-- farther behind starts again.
create table lockstep.changes (
  xid xid8 not null default pg_current_xact_id(),
  seq bigint not null generated always as identity,
  at timestamptz not null default clock_timestamp(),
  job_ids uuid[] not null,
  versions integer[] not null,
  statuses text[] not null,
  primary key (xid, seq)
) with (toast_tuple_target = 8160);

alter table lockstep.changes alter column job_ids set storage external;
alter table lockstep.changes alter column versions set storage external;

-- A finished result of an attempt that had been taken away: kept, but never shown as the job's
-- result.
create table lockstep.late_results (
  job_id uuid not null,
  attempt integer not null,
  worker_id uuid not null,
  outcome jsonb not null,
  received_at timestamptz not null default clock_timestamp(),
  primary key (job_id, attempt, worker_id)
);

create table lockstep.job_logs (
  job_id uuid not null,
  seq bigint not null generated always as identity,
  attempt integer not null,
  at timestamptz not null default clock_timestamp(),
  level text not null check (level in ('debug', 'info', 'warn', 'error')),
  message text not null,
  primary key (job_id, seq)
);

-- The feed and the projection ------------------------------------------------------------------

-- id: part of every position; another one when the feed starts again. cluster: where the numbers of
-- transactions come from (cluster_identity.sql); in another one, positions and the floor mean
-- nothing, and the feed starts again. Null: nobody has read the feed yet. floor: the newest
-- transaction whose changes may have been deleted. A reader that may have missed it must start
-- again.
create table lockstep.feed_state (
  singleton boolean primary key default true check (singleton),
  id uuid not null default gen_random_uuid(),
  cluster text,
  floor xid8 not null default '0'
);

insert into lockstep.feed_state default values;

-- How far each reader of the feed has read. The snapshot in the second part of a position (split at
-- '/') is safe to compare with: everything visible in it has been delivered to that reader. A job
-- must not be deleted while its last transition is not visible in the snapshot of every reader that
-- saved its cursor during the last day. A reader that was silent for longer starts again by itself.
create table lockstep.feed_cursors (
  name text primary key check (char_length(name) between 1 and 100),
  position text not null,
  updated_at timestamptz not null default clock_timestamp()
);

-- The generation that Redis must name too. If Redis has another one or none, Redis was flushed,
-- restored or replaced; if the feed is another one, PostgreSQL was. Epochs only grow, so a value of
-- an older epoch can be recognised.
create table lockstep.projection_state (
  singleton boolean primary key default true check (singleton),
  generation uuid not null,
  epoch bigint not null check (epoch > 0),
  feed uuid not null,
  rebuilding boolean not null,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  constraint projection_state_finished_exactly_when_rebuilt check (rebuilding = (finished_at is null))
);

-- Maintenance ----------------------------------------------------------------------------------

-- Which process runs the maintenance. It is a row, not an advisory lock, so that it also works
-- behind a pooler. The leader raises the beat every second. Another process takes over when it has
-- seen the same beat for some seconds of its own monotonic clock, so no clock of the database
-- matters.
create table lockstep.maintenance_leader (
  singleton boolean primary key default true check (singleton),
  leader uuid,
  beat bigint not null default 0,
  host text,
  pid integer,
  since timestamptz
) with (fillfactor = 20);

insert into lockstep.maintenance_leader default values;

-- Limits ---------------------------------------------------------------------------------------

-- How many jobs of a queue, or of a key in it, run at once, and how many start in a period.
-- queues.limited says whether a queue has a row here. Both change together, under the lock of the
-- queue's row.
create table lockstep.queue_limits (
  queue text not null references lockstep.queues (name),
  scope text not null check (scope in ('queue', 'each_key', 'key')),
  key text not null default '' check (char_length(key) <= 255),
  concurrency integer check (concurrency > 0),
  rate_count integer check (rate_count > 0),
  rate_ms integer check (rate_ms between 1000 and 86400000),
  primary key (queue, scope, key),
  constraint queue_limits_key_fits_scope check ((scope = 'key') = (key <> '')),
  constraint queue_limits_rate_has_a_period check ((rate_count is null) = (rate_ms is null)),
  constraint queue_limits_limit_something check (concurrency is not null or rate_count is not null)
);

-- Recent starts under a rate: of the queue (key '') or of one key. A period has a hundred slices.
-- Counts are kept for the current slice and the hundred before it; the count of slice s is at place
-- 1 + s % 101.
create table lockstep.limit_starts (
  queue text not null references lockstep.queues (name),
  key text not null,
  newest bigint not null,
  starts integer[] not null,
  noted_at timestamptz not null,
  primary key (queue, key)
) with (fillfactor = 50);

-- Schedules ------------------------------------------------------------------------------------

-- Recurring jobs: when each is due next, and what is submitted then.
create table lockstep.schedules (
  name text primary key check (char_length(name) between 1 and 100),
  kind text not null check (char_length(kind) between 1 and 100),
  queue text not null check (char_length(queue) between 1 and 100),
  input jsonb not null,
  priority smallint not null,
  max_attempts integer not null check (max_attempts between 1 and 1000),
  timeout_ms integer check (timeout_ms > 0),
  unique_key text check (char_length(unique_key) between 1 and 255),
  limit_key text check (char_length(limit_key) between 1 and 255),
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

create index schedules_due on lockstep.schedules (next_at) where paused_at is null and next_at is not null;

-- Batches --------------------------------------------------------------------------------------

-- Many jobs that were submitted together, and are counted, cancelled and retried together. A batch
-- stores no counts, because then every job that ends would wait for one row. The jobs are counted
-- on request: exact at any moment, some milliseconds for 10,000 jobs. No foreign key: its trigger
-- would run for every job that is inserted. A batch and its jobs are inserted in one transaction.
create table lockstep.batches (
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

create unique index batches_idempotency_key on lockstep.batches (idempotency_key) where idempotency_key is not null;

-- Archive --------------------------------------------------------------------------------------

-- Finished jobs moved to files. The ledger keeps how each job ended and where its record is.
create table lockstep.archive_files (
  id bigint primary key generated always as identity,
  name text not null unique,
  store text not null,
  jobs integer not null check (jobs > 0),
  bytes bigint not null check (bytes > 0),
  sha256 bytea not null,
  written_at timestamptz not null default clock_timestamp()
);

-- One row per archived job, kept permanently: narrow, and with only the two indexes that answer
-- questions.
create table lockstep.archived_jobs (
  id uuid primary key,
  created_at timestamptz not null,
  run_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz not null,
  cancel_requested_at timestamptz,
  archived_at timestamptz not null default clock_timestamp(),
  file_id bigint not null references lockstep.archive_files (id),
  member_offset bigint not null check (member_offset >= 0),
  member_bytes integer not null check (member_bytes > 0),
  line integer not null check (line >= 0),
  version integer not null,
  attempt integer not null,
  failures integer not null,
  losses integer not null,
  max_attempts integer not null,
  timeout_ms integer,
  priority smallint not null,
  worker_id uuid,
  batch_id uuid,
  kind text not null,
  queue text not null,
  status text not null check (status in ('completed', 'failed', 'cancelled')),
  actor text not null,
  reason text not null,
  unique_key text,
  limit_key text,
  tags text[] not null
);

create index archived_jobs_of_batch on lockstep.archived_jobs (batch_id, status, id) where batch_id is not null;

create table lockstep.archive_state (
  singleton boolean primary key default true check (singleton),
  runner uuid,
  runner_until timestamptz,
  last_run_at timestamptz
);

insert into lockstep.archive_state default values;

-- BullMQ ---------------------------------------------------------------------------------------

-- The job's own BullMQ options (lifo, removeOnComplete, ...). They are kept after the submit until
-- the job's entry in BullMQ is made, and for making it again.
create table lockstep.bullmq_entries (
  job_id uuid primary key,
  options jsonb not null
);

-- Which process copies a queue into BullMQ now. It is a lease in a row, not an advisory lock, so
-- that it also works behind a pooler. Two relays at once are harmless: both add the same ids.
create table lockstep.bullmq_relays (
  name text primary key check (char_length(name) between 1 and 100),
  holder uuid not null,
  held_until timestamptz not null,
  -- Which queue of the ledger the relay copies, so that a server can show what BullMQ reports about
  -- the jobs of that queue.
  queue text
) with (fillfactor = 50);

-- Doctor ---------------------------------------------------------------------------------------

-- The doctor's writes to Lockstep's own stores, and who requested them. A row is added before its
-- write. A row without an outcome means that it is unknown whether the write was made.
create table lockstep.doctor_writes (
  id bigint primary key generated always as identity,
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

create index doctor_writes_job on lockstep.doctor_writes (job_id, id);
create index doctor_writes_at on lockstep.doctor_writes (at);

-- Keys of the HTTP API -------------------------------------------------------------------------

create table lockstep.api_keys (
  id uuid primary key,
  name text not null check (char_length(name) between 1 and 100),
  role text not null check (role in ('read', 'submit', 'operate', 'work', 'admin')),
  hash bytea not null unique,
  created_at timestamptz not null default clock_timestamp(),
  revoked_at timestamptz
);

-- Browsers that signed in with a key. Only the hash of the browser's secret is kept, as for a key.
-- Revoking the key ends all its sessions.
create table lockstep.api_sessions (
  hash bytea primary key,
  key_id uuid not null references lockstep.api_keys (id),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);

create index api_sessions_expires_at on lockstep.api_sessions (expires_at);
