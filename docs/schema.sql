-- The schema of the ledger as it is, with every table, index, view and trigger. Written from the
-- catalog of a database by npm run schema-doc; do not edit. The reasons are in the migrations
-- (packages/lockstep/src/ledger/migrations/), the bodies of the functions in packages/lockstep/src/ledger/functions/.

create schema lockstep;

create table lockstep.api_keys (
  id uuid not null,
  name text not null,
  role text not null,
  hash bytea not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  revoked_at timestamp with time zone,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_hash_key UNIQUE (hash),
  constraint api_keys_name_check CHECK (char_length(name) >= 1 AND char_length(name) <= 100),
  constraint api_keys_role_check CHECK (role = ANY (ARRAY['read'::text, 'submit'::text, 'operate'::text, 'work'::text, 'admin'::text]))
);

create table lockstep.api_sessions (
  hash bytea not null,
  key_id uuid not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  expires_at timestamp with time zone not null,
  constraint api_sessions_pkey PRIMARY KEY (hash),
  constraint api_sessions_key_id_fkey FOREIGN KEY (key_id) REFERENCES lockstep.api_keys(id)
);
CREATE INDEX api_sessions_expires_at ON lockstep.api_sessions USING btree (expires_at);

create table lockstep.archive_files (
  id bigint not null generated always as identity,
  name text not null,
  store text not null,
  jobs integer not null,
  bytes bigint not null,
  sha256 bytea not null,
  written_at timestamp with time zone not null default clock_timestamp(),
  constraint archive_files_pkey PRIMARY KEY (id),
  constraint archive_files_name_key UNIQUE (name),
  constraint archive_files_bytes_check CHECK (bytes > 0),
  constraint archive_files_jobs_check CHECK (jobs > 0)
);

create table lockstep.archive_state (
  singleton boolean not null default true,
  runner uuid,
  runner_until timestamp with time zone,
  last_run_at timestamp with time zone,
  constraint archive_state_pkey PRIMARY KEY (singleton),
  constraint archive_state_singleton_check CHECK (singleton)
);

create table lockstep.archived_jobs (
  id uuid not null,
  created_at timestamp with time zone not null,
  run_at timestamp with time zone not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone not null,
  cancel_requested_at timestamp with time zone,
  archived_at timestamp with time zone not null default clock_timestamp(),
  file_id bigint not null,
  member_offset bigint not null,
  member_bytes integer not null,
  line integer not null,
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
  status text not null,
  actor text not null,
  reason text not null,
  unique_key text,
  limit_key text,
  tags text[] not null,
  constraint archived_jobs_pkey PRIMARY KEY (id),
  constraint archived_jobs_file_id_fkey FOREIGN KEY (file_id) REFERENCES lockstep.archive_files(id),
  constraint archived_jobs_line_check CHECK (line >= 0),
  constraint archived_jobs_member_bytes_check CHECK (member_bytes > 0),
  constraint archived_jobs_member_offset_check CHECK (member_offset >= 0),
  constraint archived_jobs_status_check CHECK (status = ANY (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text]))
);
CREATE INDEX archived_jobs_of_batch ON lockstep.archived_jobs USING btree (batch_id, status, id) WHERE (batch_id IS NOT NULL);
CREATE TRIGGER archived_jobs_keep_their_end BEFORE UPDATE OR TRUNCATE ON lockstep.archived_jobs FOR EACH STATEMENT EXECUTE FUNCTION lockstep.refuse_change('how a job ended does not change');

create table lockstep.batches (
  id uuid not null,
  name text not null,
  kind text not null,
  jobs integer not null,
  skipped integer not null default 0,
  skipped_lines jsonb not null default '[]'::jsonb,
  library text,
  actor text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  idempotency_key text,
  request_hash bytea,
  constraint batches_pkey PRIMARY KEY (id),
  constraint batches_idempotency_has_hash CHECK ((idempotency_key IS NULL) = (request_hash IS NULL)),
  constraint batches_idempotency_key_check CHECK (char_length(idempotency_key) >= 1 AND char_length(idempotency_key) <= 255),
  constraint batches_jobs_check CHECK (jobs > 0),
  constraint batches_kind_check CHECK (char_length(kind) >= 1 AND char_length(kind) <= 100),
  constraint batches_name_check CHECK (char_length(name) >= 1 AND char_length(name) <= 200),
  constraint batches_skipped_check CHECK (skipped >= 0)
);
CREATE UNIQUE INDEX batches_idempotency_key ON lockstep.batches USING btree (idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE TRIGGER batches_keep_all BEFORE DELETE OR UPDATE OR TRUNCATE ON lockstep.batches FOR EACH STATEMENT EXECUTE FUNCTION lockstep.refuse_change('what was submitted together stays so');

create table lockstep.bullmq_entries (
  job_id uuid not null,
  options jsonb not null,
  constraint bullmq_entries_pkey PRIMARY KEY (job_id)
);

create table lockstep.bullmq_relays (
  name text not null,
  holder uuid not null,
  held_until timestamp with time zone not null,
  queue text,
  constraint bullmq_relays_pkey PRIMARY KEY (name),
  constraint bullmq_relays_name_check CHECK (char_length(name) >= 1 AND char_length(name) <= 100)
) with (fillfactor=50);

create table lockstep.changes (
  xid xid8 not null default pg_current_xact_id(),
  seq bigint not null generated always as identity,
  at timestamp with time zone not null default clock_timestamp(),
  job_ids uuid[] not null,
  versions integer[] not null,
  statuses text[] not null,
  constraint changes_pkey PRIMARY KEY (xid, seq)
) with (toast_tuple_target=8160);
CREATE TRIGGER changes_only_by_trigger BEFORE INSERT OR UPDATE ON lockstep.changes FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION lockstep.refuse_change('the feed is written by the triggers on jobs');

create table lockstep.claims (
  token uuid not null,
  worker_id uuid not null,
  queue text not null,
  claimed_at timestamp with time zone not null default clock_timestamp(),
  job_ids uuid[] not null,
  constraint claims_pkey PRIMARY KEY (token, worker_id, queue)
) with (fillfactor=100, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=5000);

create table lockstep.doctor_writes (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default clock_timestamp(),
  actor text not null,
  run uuid,
  view text not null,
  job_id uuid not null,
  action text not null,
  outcome text,
  constraint doctor_writes_pkey PRIMARY KEY (id),
  constraint doctor_writes_action_check CHECK (action = ANY (ARRAY['refresh'::text, 'restore'::text, 'enqueue'::text])),
  constraint doctor_writes_actor_check CHECK (char_length(actor) >= 1 AND char_length(actor) <= 200),
  constraint doctor_writes_outcome_check CHECK (outcome = ANY (ARRAY['written'::text, 'changed'::text, 'refused'::text])),
  constraint doctor_writes_view_check CHECK (char_length(view) >= 1 AND char_length(view) <= 200)
);
CREATE INDEX doctor_writes_at ON lockstep.doctor_writes USING btree (at);
CREATE INDEX doctor_writes_job ON lockstep.doctor_writes USING btree (job_id, id);

create table lockstep.feed_cursors (
  name text not null,
  position text not null,
  updated_at timestamp with time zone not null default clock_timestamp(),
  constraint feed_cursors_pkey PRIMARY KEY (name),
  constraint feed_cursors_name_check CHECK (char_length(name) >= 1 AND char_length(name) <= 100)
);

create table lockstep.feed_state (
  singleton boolean not null default true,
  id uuid not null default gen_random_uuid(),
  cluster text,
  floor xid8 not null default '0'::xid8,
  constraint feed_state_pkey PRIMARY KEY (singleton),
  constraint feed_state_singleton_check CHECK (singleton)
);

create table lockstep.function_files (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default clock_timestamp(),
  constraint function_files_pkey PRIMARY KEY (name)
);

create table lockstep.idempotency_keys (
  key text not null,
  job_id uuid not null,
  request_hash bytea not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint idempotency_keys_pkey PRIMARY KEY (key),
  constraint idempotency_keys_key_check CHECK (char_length(key) >= 1 AND char_length(key) <= 255)
);
CREATE TRIGGER idempotency_keys_keep_all BEFORE DELETE OR TRUNCATE ON lockstep.idempotency_keys FOR EACH STATEMENT EXECUTE FUNCTION lockstep.refuse_change('a key leads to the same job for ever');

create table lockstep.job_logs (
  job_id uuid not null,
  seq bigint not null generated always as identity,
  attempt integer not null,
  at timestamp with time zone not null default clock_timestamp(),
  level text not null,
  message text not null,
  constraint job_logs_pkey PRIMARY KEY (job_id, seq),
  constraint job_logs_level_check CHECK (level = ANY (ARRAY['debug'::text, 'info'::text, 'warn'::text, 'error'::text]))
);

create table lockstep.jobs (
  id uuid not null,
  worker_id uuid,
  claim_token uuid,
  batch_id uuid,
  created_at timestamp with time zone not null default clock_timestamp(),
  run_at timestamp with time zone not null default clock_timestamp(),
  ready_at timestamp with time zone,
  due_at timestamp with time zone,
  deadline_at timestamp with time zone,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  failed_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  cancel_requested_at timestamp with time zone,
  version integer not null default 1,
  attempt integer not null default 0,
  failures integer not null default 0,
  losses integer not null default 0,
  max_attempts integer not null default 3,
  timeout_ms integer,
  priority smallint not null default 0,
  kind text not null,
  queue text not null,
  status text not null default 'pending'::text,
  actor text not null,
  reason text not null,
  unique_key text,
  unique_hold text,
  limit_key text,
  traceparent text,
  tags text[] not null default '{}'::text[],
  input jsonb not null,
  output jsonb,
  error jsonb,
  progress jsonb,
  constraint jobs_pkey PRIMARY KEY (id),
  constraint jobs_columns_fit_status CHECK (
CASE status
    WHEN 'pending'::text THEN (ready_at IS NULL) <> (due_at IS NULL) AND deadline_at IS NULL AND cancel_requested_at IS NULL AND NOT unique_hold IS DISTINCT FROM unique_key AND output IS NULL AND finished_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL
    WHEN 'running'::text THEN worker_id IS NOT NULL AND claim_token IS NOT NULL AND started_at IS NOT NULL AND attempt > 0 AND ready_at IS NULL AND due_at IS NULL AND NOT unique_hold IS DISTINCT FROM unique_key AND output IS NULL AND finished_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL
    WHEN 'completed'::text THEN finished_at IS NOT NULL AND error IS NULL AND failed_at IS NULL AND cancelled_at IS NULL AND ready_at IS NULL AND due_at IS NULL AND deadline_at IS NULL AND unique_hold IS NULL
    WHEN 'failed'::text THEN failed_at IS NOT NULL AND finished_at = failed_at AND error IS NOT NULL AND output IS NULL AND cancelled_at IS NULL AND ready_at IS NULL AND due_at IS NULL AND deadline_at IS NULL AND unique_hold IS NULL
    WHEN 'cancelled'::text THEN cancelled_at IS NOT NULL AND finished_at = cancelled_at AND output IS NULL AND failed_at IS NULL AND ready_at IS NULL AND due_at IS NULL AND deadline_at IS NULL AND unique_hold IS NULL
    ELSE false
END),
  constraint jobs_counters CHECK (version > 0 AND failures >= 0 AND losses >= 0 AND (failures + losses) <= attempt),
  constraint jobs_kind_check CHECK (char_length(kind) >= 1 AND char_length(kind) <= 100),
  constraint jobs_limit_key_check CHECK (char_length(limit_key) >= 1 AND char_length(limit_key) <= 255),
  constraint jobs_max_attempts_check CHECK (max_attempts >= 1 AND max_attempts <= 1000),
  constraint jobs_queue_check CHECK (char_length(queue) >= 1 AND char_length(queue) <= 100),
  constraint jobs_timeout_ms_check CHECK (timeout_ms > 0),
  constraint jobs_traceparent_check CHECK (char_length(traceparent) <= 128),
  constraint jobs_unique_key_check CHECK (char_length(unique_key) >= 1 AND char_length(unique_key) <= 255)
) with (fillfactor=60, autovacuum_vacuum_scale_factor=0.05, autovacuum_vacuum_insert_scale_factor=0.1, autovacuum_analyze_scale_factor=0.05);
CREATE INDEX jobs_cancelled ON lockstep.jobs USING btree (id) WHERE (cancelled_at IS NOT NULL);
CREATE INDEX jobs_claimable ON lockstep.jobs USING btree (queue, priority, ready_at, id) WHERE (ready_at IS NOT NULL);
CREATE INDEX jobs_claimable_by_key ON lockstep.jobs USING btree (queue, limit_key, priority, ready_at, id) WHERE ((ready_at IS NOT NULL) AND (limit_key IS NOT NULL));
CREATE INDEX jobs_deadline ON lockstep.jobs USING btree (deadline_at) WHERE (deadline_at IS NOT NULL);
CREATE INDEX jobs_delayed ON lockstep.jobs USING btree (due_at, id) WHERE (due_at IS NOT NULL);
CREATE INDEX jobs_failed ON lockstep.jobs USING btree (id) WHERE (failed_at IS NOT NULL);
CREATE INDEX jobs_failed_at ON lockstep.jobs USING btree (failed_at) WHERE (failed_at IS NOT NULL);
CREATE INDEX jobs_of_batch ON lockstep.jobs USING btree (batch_id, id) WHERE (batch_id IS NOT NULL);
CREATE INDEX jobs_tags ON lockstep.jobs USING gin (tags) WHERE (tags <> '{}'::text[]);
CREATE UNIQUE INDEX jobs_unique_key ON lockstep.jobs USING btree (kind, unique_hold) WHERE (unique_hold IS NOT NULL);
CREATE TRIGGER jobs_delete_history AFTER DELETE ON lockstep.jobs REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION lockstep.delete_history();
CREATE TRIGGER jobs_guard_insert BEFORE INSERT ON lockstep.jobs FOR EACH ROW WHEN (new.status <> 'pending'::text OR new.version <> 1 OR new.attempt <> 0 OR new.failures <> 0 OR new.losses <> 0 OR new.reason <> 'submitted'::text OR new.worker_id IS NOT NULL OR new.claim_token IS NOT NULL OR new.started_at IS NOT NULL OR new.error IS NOT NULL) EXECUTE FUNCTION lockstep.guard_insert();
CREATE TRIGGER jobs_guard_update BEFORE UPDATE ON lockstep.jobs FOR EACH ROW WHEN (
        CASE
            WHEN new.version = old.version THEN new.status <> old.status OR new.attempt <> old.attempt OR new.failures <> old.failures OR new.losses <> old.losses OR new.actor <> old.actor OR new.reason <> old.reason OR new.worker_id IS DISTINCT FROM old.worker_id OR new.claim_token IS DISTINCT FROM old.claim_token OR new.started_at IS DISTINCT FROM old.started_at OR new.finished_at IS DISTINCT FROM old.finished_at OR new.cancel_requested_at IS DISTINCT FROM old.cancel_requested_at OR new.output IS DISTINCT FROM old.output OR new.error IS DISTINCT FROM old.error
            WHEN new.version <> (old.version + 1) THEN true
            WHEN new.reason = 'claimed'::text THEN old.status <> 'pending'::text OR new.status <> 'running'::text OR new.attempt <> (old.attempt + 1) OR new.failures <> old.failures OR new.losses <> old.losses
            WHEN new.attempt <> old.attempt OR new.worker_id IS DISTINCT FROM old.worker_id OR new.claim_token IS DISTINCT FROM old.claim_token THEN true
            WHEN new.reason = 'succeeded'::text THEN old.status <> 'running'::text OR new.status <> 'completed'::text OR new.failures <> old.failures OR new.losses <> old.losses
            WHEN new.reason = 'retry'::text THEN old.status <> 'running'::text OR new.status <> 'pending'::text OR new.failures <> (old.failures + 1) OR new.losses <> old.losses
            WHEN new.reason = 'error'::text THEN old.status <> 'running'::text OR new.status <> 'failed'::text OR new.failures <> (old.failures + 1) OR new.losses <> old.losses
            WHEN new.reason = 'timeout'::text THEN old.status <> 'running'::text OR (new.status <> ALL (ARRAY['pending'::text, 'failed'::text])) OR new.failures <> (old.failures + 1) OR new.losses <> old.losses
            WHEN new.reason = 'released'::text THEN old.status <> 'running'::text OR new.status <> 'pending'::text OR new.failures <> old.failures OR new.losses <> old.losses
            WHEN new.reason = 'lost'::text THEN old.status <> 'running'::text OR (new.status <> ALL (ARRAY['pending'::text, 'failed'::text])) OR new.failures <> old.failures OR new.losses <> (old.losses + 1)
            WHEN new.reason = 'late_result'::text THEN old.status <> 'pending'::text OR new.status <> 'completed'::text OR new.failures <> old.failures OR new.losses <> old.losses
            WHEN new.reason = 'cancelled'::text THEN (old.status <> ALL (ARRAY['pending'::text, 'running'::text])) OR new.status <> 'cancelled'::text OR new.failures <> old.failures AND new.failures <> (old.failures + 1) OR new.losses <> old.losses AND new.losses <> (old.losses + 1)
            WHEN new.reason = 'cancel_requested'::text THEN old.status <> 'running'::text OR new.status <> 'running'::text OR old.cancel_requested_at IS NOT NULL OR new.cancel_requested_at IS NULL OR new.failures <> old.failures OR new.losses <> old.losses
            WHEN new.reason = 'requeued'::text THEN (old.status <> ALL (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text])) OR new.status <> 'pending'::text OR new.failures <> 0 OR new.losses <> 0
            ELSE true
        END) EXECUTE FUNCTION lockstep.guard_update();
CREATE TRIGGER jobs_keep_all BEFORE TRUNCATE ON lockstep.jobs FOR EACH STATEMENT EXECUTE FUNCTION lockstep.refuse_change('jobs are deleted one by one, once they have finished');
CREATE TRIGGER jobs_keep_identity BEFORE UPDATE OF id ON lockstep.jobs FOR EACH STATEMENT EXECUTE FUNCTION lockstep.refuse_change('a job keeps its id');
CREATE TRIGGER jobs_keep_request BEFORE UPDATE OF kind, queue, input, created_at, unique_key, limit_key, tags, batch_id, traceparent ON lockstep.jobs FOR EACH STATEMENT EXECUTE FUNCTION lockstep.refuse_change('a job keeps what was submitted');
CREATE TRIGGER jobs_log_inserts AFTER INSERT ON lockstep.jobs REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lockstep.log_inserts();
CREATE TRIGGER jobs_log_updates AFTER UPDATE ON lockstep.jobs REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lockstep.log_updates();

create table lockstep.kinds (
  name text not null,
  queue text not null default 'default'::text,
  priority smallint not null default 0,
  max_attempts integer not null default 3,
  timeout_ms integer,
  backoff jsonb,
  limit_key text,
  description text,
  input_schema jsonb,
  version_hash text,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  constraint kinds_pkey PRIMARY KEY (name),
  constraint kinds_limit_key_check CHECK (char_length(limit_key) >= 1 AND char_length(limit_key) <= 255),
  constraint kinds_max_attempts_check CHECK (max_attempts >= 1 AND max_attempts <= 1000),
  constraint kinds_name_check CHECK (char_length(name) >= 1 AND char_length(name) <= 100),
  constraint kinds_queue_check CHECK (char_length(queue) >= 1 AND char_length(queue) <= 100),
  constraint kinds_timeout_ms_check CHECK (timeout_ms > 0)
);

create table lockstep.late_results (
  job_id uuid not null,
  attempt integer not null,
  worker_id uuid not null,
  outcome jsonb not null,
  received_at timestamp with time zone not null default clock_timestamp(),
  constraint late_results_pkey PRIMARY KEY (job_id, attempt, worker_id)
);

create table lockstep.ledger_identity (
  singleton boolean not null default true,
  id uuid not null default gen_random_uuid(),
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint ledger_identity_pkey PRIMARY KEY (singleton),
  constraint ledger_identity_singleton_check CHECK (singleton)
);

create table lockstep.limit_starts (
  queue text not null,
  key text not null,
  newest bigint not null,
  starts integer[] not null,
  noted_at timestamp with time zone not null,
  constraint limit_starts_pkey PRIMARY KEY (queue, key),
  constraint limit_starts_queue_fkey FOREIGN KEY (queue) REFERENCES lockstep.queues(name)
) with (fillfactor=50);

create table lockstep.maintenance_leader (
  singleton boolean not null default true,
  leader uuid,
  beat bigint not null default 0,
  host text,
  pid integer,
  since timestamp with time zone,
  constraint maintenance_leader_pkey PRIMARY KEY (singleton),
  constraint maintenance_leader_singleton_check CHECK (singleton)
) with (fillfactor=20);

create table lockstep.migrations (
  number integer not null,
  name text not null,
  checksum text not null,
  breaking boolean not null,
  applied_at timestamp with time zone not null default clock_timestamp(),
  constraint migrations_pkey PRIMARY KEY (number)
);

create table lockstep.projection_state (
  singleton boolean not null default true,
  generation uuid not null,
  epoch bigint not null,
  feed uuid not null,
  rebuilding boolean not null,
  started_at timestamp with time zone not null default clock_timestamp(),
  finished_at timestamp with time zone,
  constraint projection_state_pkey PRIMARY KEY (singleton),
  constraint projection_state_epoch_check CHECK (epoch > 0),
  constraint projection_state_finished_exactly_when_rebuilt CHECK (rebuilding = (finished_at IS NULL)),
  constraint projection_state_singleton_check CHECK (singleton)
);

create table lockstep.queue_limits (
  queue text not null,
  scope text not null,
  key text not null default ''::text,
  concurrency integer,
  rate_count integer,
  rate_ms integer,
  constraint queue_limits_pkey PRIMARY KEY (queue, scope, key),
  constraint queue_limits_queue_fkey FOREIGN KEY (queue) REFERENCES lockstep.queues(name),
  constraint queue_limits_concurrency_check CHECK (concurrency > 0),
  constraint queue_limits_key_check CHECK (char_length(key) <= 255),
  constraint queue_limits_key_fits_scope CHECK ((scope = 'key'::text) = (key <> ''::text)),
  constraint queue_limits_limit_something CHECK (concurrency IS NOT NULL OR rate_count IS NOT NULL),
  constraint queue_limits_rate_count_check CHECK (rate_count > 0),
  constraint queue_limits_rate_has_a_period CHECK ((rate_count IS NULL) = (rate_ms IS NULL)),
  constraint queue_limits_rate_ms_check CHECK (rate_ms >= 1000 AND rate_ms <= 86400000),
  constraint queue_limits_scope_check CHECK (scope = ANY (ARRAY['queue'::text, 'each_key'::text, 'key'::text]))
);

create table lockstep.queues (
  name text not null,
  paused_at timestamp with time zone,
  limited boolean not null default false,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint queues_pkey PRIMARY KEY (name),
  constraint queues_name_check CHECK (char_length(name) >= 1 AND char_length(name) <= 100)
);

create view lockstep.running_jobs as
SELECT j.id,
    c.queue,
    c.worker_id,
    c.token,
    j.attempt,
    j.limit_key
   FROM lockstep.claims c
     CROSS JOIN LATERAL unnest(c.job_ids) u(id)
     JOIN lockstep.jobs j ON j.id = u.id AND j.claim_token = c.token AND j.status = 'running'::text;

create table lockstep.schedules (
  name text not null,
  kind text not null,
  queue text not null,
  input jsonb not null,
  priority smallint not null,
  max_attempts integer not null,
  timeout_ms integer,
  unique_key text,
  limit_key text,
  tags text[] not null,
  cron text not null,
  timezone text not null,
  catch_up text not null,
  next_at timestamp with time zone,
  last_at timestamp with time zone,
  last_job_id uuid,
  paused_at timestamp with time zone,
  actor text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  updated_at timestamp with time zone not null default clock_timestamp(),
  constraint schedules_pkey PRIMARY KEY (name),
  constraint schedules_catch_up_check CHECK (catch_up = ANY (ARRAY['none'::text, 'one'::text, 'all'::text])),
  constraint schedules_cron_check CHECK (char_length(cron) >= 1 AND char_length(cron) <= 200),
  constraint schedules_kind_check CHECK (char_length(kind) >= 1 AND char_length(kind) <= 100),
  constraint schedules_limit_key_check CHECK (char_length(limit_key) >= 1 AND char_length(limit_key) <= 255),
  constraint schedules_max_attempts_check CHECK (max_attempts >= 1 AND max_attempts <= 1000),
  constraint schedules_name_check CHECK (char_length(name) >= 1 AND char_length(name) <= 100),
  constraint schedules_queue_check CHECK (char_length(queue) >= 1 AND char_length(queue) <= 100),
  constraint schedules_timeout_ms_check CHECK (timeout_ms > 0),
  constraint schedules_timezone_check CHECK (char_length(timezone) >= 1 AND char_length(timezone) <= 100),
  constraint schedules_unique_key_check CHECK (char_length(unique_key) >= 1 AND char_length(unique_key) <= 255)
);
CREATE INDEX schedules_due ON lockstep.schedules USING btree (next_at) WHERE ((paused_at IS NULL) AND (next_at IS NOT NULL));

create table lockstep.transitions (
  job_id uuid not null,
  version integer not null,
  attempt integer not null,
  at timestamp with time zone not null default clock_timestamp(),
  status text not null,
  actor text not null,
  reason text not null,
  detail jsonb,
  constraint transitions_pkey PRIMARY KEY (job_id, version)
) with (autovacuum_vacuum_insert_scale_factor=0.1, autovacuum_analyze_scale_factor=0.05);
CREATE TRIGGER transitions_keep_all BEFORE TRUNCATE ON lockstep.transitions FOR EACH STATEMENT EXECUTE FUNCTION lockstep.refuse_change('the log is kept as long as its jobs');
CREATE TRIGGER transitions_only_by_trigger BEFORE INSERT OR DELETE OR UPDATE ON lockstep.transitions FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION lockstep.refuse_change('the log is written by the triggers on jobs');

create table lockstep.workers (
  id uuid not null,
  name text not null,
  host text not null,
  pid integer not null,
  queues text[] not null,
  kinds text[] not null,
  concurrency integer not null,
  embedded boolean not null default false,
  started_at timestamp with time zone not null default clock_timestamp(),
  heartbeat_at timestamp with time zone not null default clock_timestamp(),
  draining boolean not null default false,
  key_id uuid,
  constraint workers_pkey PRIMARY KEY (id),
  constraint workers_concurrency_check CHECK (concurrency > 0)
) with (fillfactor=30);

-- Functions

-- attempt_error(error jsonb, attempt integer) returns jsonb
--   attempt_error.sql

-- bind_feed(rows_max integer) returns boolean
--   bind_feed.sql

-- claim_limited(
--   of_queue text,
--   for_worker uuid,
--   with_token uuid,
--   of_kinds text[],
--   at_most integer,
--   named_jobs uuid[],
--   named_workers uuid[]
-- ) returns TABLE(job lockstep.jobs,
--   wait_ms double precision)
--   claim_limited.sql

-- claim_queues(
--   for_worker uuid,
--   with_token uuid,
--   of_kinds text[],
--   names text[],
--   after_priorities smallint[],
--   after_ready_ats timestamp with time zone[],
--   after_ids uuid[],
--   per_queue integer,
--   at_most integer
-- ) returns TABLE(job lockstep.jobs,
--   place_ready_at timestamp with time zone,
--   limited_queue text)
--   claim_queues.sql

-- close_claims(tokens uuid[], ended uuid[]) returns void
--   close_claims.sql

-- cluster_identity() returns text
--   cluster_identity.sql

-- delete_history() returns trigger
--   delete_history.sql

-- end_attempt(
--   job lockstep.jobs,
--   ending text,
--   cause text,
--   retry_in_ms bigint,
--   moment timestamp with time zone
-- ) returns TABLE(status text,
--   reason text,
--   failed integer,
--   lost integer,
--   ready_at timestamp with time zone,
--   due_at timestamp with time zone,
--   finished_at timestamp with time zone)
--   end_attempt.sql

-- feed_page(
--   earlier_xmax xid8,
--   earlier_under_way xid8[],
--   later pg_snapshot,
--   after_xid xid8,
--   after_seq bigint,
--   page_limit integer
-- ) returns TABLE(job_id uuid,
--   version integer,
--   status text,
--   at timestamp with time zone,
--   xid xid8,
--   seq bigint)
--   feed_page.sql

-- first_of_keys(
--   of_queue text,
--   of_kinds text[],
--   at_most integer,
--   moment timestamp with time zone
-- ) returns TABLE(id uuid,
--   wait_ms double precision)
--   first_of_keys.sql

-- guard_insert() returns trigger
--   guard_insert.sql

-- guard_update() returns trigger
--   guard_update.sql

-- key_limit(of_queue text, of_key text) returns SETOF lockstep.queue_limits
--   key_limit.sql

-- key_room(
--   of_queue text,
--   of_key text,
--   moment timestamp with time zone,
--   OUT free integer,
--   OUT wait_ms double precision
-- ) returns record
--   key_room.sql

-- limit_room(
--   l lockstep.queue_limits,
--   of_key text,
--   running bigint,
--   moment timestamp with time zone,
--   OUT free integer,
--   OUT wait_ms double precision
-- ) returns record
--   limit_room.sql

-- log_inserts() returns trigger
--   log_inserts.sql

-- log_updates() returns trigger
--   log_updates.sql

-- note_starts(of_queue text, of_key text, moment timestamp with time zone, rate_ms integer, n integer) returns void
--   note_starts.sql

-- refuse(reason text) returns void
--   refuse.sql

-- refuse_change() returns trigger
--   refuse_change.sql

-- settle_others(
--   settlements jsonb
-- ) returns TABLE(id uuid,
--   attempt integer,
--   worker_id uuid,
--   version integer,
--   status text,
--   queue text,
--   priority smallint,
--   ready_at timestamp with time zone,
--   limited boolean)
--   settle_others.sql

-- slice(moment timestamp with time zone, rate_ms integer) returns bigint
--   limit_slices.sql

-- started(starts integer[], newest bigint, now_in bigint, OUT n integer, OUT oldest bigint) returns record
--   limit_slices.sql

-- starts_at(starts integer[], newest bigint, now_in bigint) returns integer[]
--   limit_slices.sql

-- submit_keyed(
--   requests jsonb
-- ) returns TABLE(id uuid,
--   job_id uuid,
--   result text,
--   run_at timestamp with time zone,
--   ready_at timestamp with time zone,
--   created_at timestamp with time zone)
--   submit_keyed.sql

-- turn(
--   settled_jobs uuid[],
--   settled_attempts integer[],
--   settled_workers uuid[],
--   settled_tokens uuid[],
--   outputs jsonb[],
--   others jsonb,
--   for_worker uuid,
--   with_token uuid,
--   of_queue text,
--   of_kinds text[],
--   at_most integer,
--   after_priority smallint,
--   after_ready_at timestamp with time zone,
--   after_id uuid
-- ) returns TABLE(op text,
--   id uuid,
--   attempt integer,
--   version integer,
--   priority smallint,
--   ready_at timestamp with time zone,
--   kind text,
--   failures integer,
--   losses integer,
--   max_attempts integer,
--   input jsonb,
--   error jsonb,
--   tags text[],
--   timeout_ms integer,
--   unique_key text,
--   limit_key text,
--   batch_id uuid,
--   run_at timestamp with time zone,
--   deadline_at timestamp with time zone,
--   created_at timestamp with time zone,
--   started_at timestamp with time zone,
--   traceparent text,
--   details jsonb)
--   turn.sql
