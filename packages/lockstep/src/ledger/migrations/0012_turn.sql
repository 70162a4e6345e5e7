-- One turn of a worker (turn.sql), as a function: its plan is made once per session, wherever the
-- statement comes from. Planning used to take a millisecond of every turn, because the planner
-- estimated the plan for no particular cursor to be more expensive. Behind a pooler and in the
-- embedded database, where no statement is prepared, parsing was added to that. The settings are
-- those that a session has when there is no pooler in between.
create function lockstep_turn(
  settlements jsonb, for_worker uuid, of_queue text, of_kinds text[], at_most integer,
  after_priority smallint, after_ready_at timestamptz, after_id uuid
) returns table (
  op text, id uuid, attempt integer, worker_id uuid, version integer, status text, queue text, priority smallint, ready_at timestamptz,
  kind text, failures integer, max_attempts integer, input jsonb, error jsonb, tags text[], timeout_ms integer, unique_key text,
  run_at timestamptz, deadline_at timestamptz, created_at timestamptz, started_at timestamptz, traceparent text, limited boolean
)
language plpgsql volatile
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
begin
  return query
  with settled as (
    update jobs as j
    set
      version = j.version + 1,
      status = case
        when s.t = 'completed' then 'completed'
        when j.cancel_requested_at is not null then 'cancelled'
        when s.t = 'released' then 'pending'
        when s.r is null or j.failures + 1 >= j.max_attempts then 'failed'
        else 'pending'
      end,
      reason = case
        when s.t = 'completed' then case j.status when 'pending' then 'late_result' else 'succeeded' end
        when j.cancel_requested_at is not null then 'cancelled'
        when s.t = 'released' then 'released'
        when s.r is null or j.failures + 1 >= j.max_attempts or s.y = 'timeout' then coalesce(s.y, 'error')
        else 'retry'
      end,
      actor = 'worker:' || s.w,
      failures = case when s.t in ('completed', 'released') or j.cancel_requested_at is not null then j.failures else j.failures + 1 end,
      output = case s.t when 'completed' then coalesce(s.o, 'null'::jsonb) end,
      error = case
        when s.t = 'completed' then null
        when s.e is null then j.error
        else s.e || jsonb_build_object('attempt', j.attempt, 'at', to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
      end,
      run_at = case
        when s.t in ('completed', 'released') or j.cancel_requested_at is not null or s.r is null or j.failures + 1 >= j.max_attempts then j.run_at
        else clock_timestamp() + s.r * interval '1 millisecond'
      end,
      ready_at = case
        when s.t = 'completed' or j.cancel_requested_at is not null then j.ready_at
        when s.t = 'released' then clock_timestamp()
        when s.r is null or j.failures + 1 >= j.max_attempts then j.ready_at
        when s.r = 0 then clock_timestamp()
      end,
      finished_at = case
        when s.t = 'completed' or j.cancel_requested_at is not null then clock_timestamp()
        when s.t <> 'released' and (s.r is null or j.failures + 1 >= j.max_attempts) then clock_timestamp()
      end,
      deadline_at = null
    from jsonb_to_recordset(settlements) as s(i uuid, a integer, w uuid, t text, o jsonb, e jsonb, r bigint, y text)
    where j.id = s.i
      and j.attempt = s.a
      and j.worker_id = s.w
      and (
        j.status = 'running'
        or (j.status = 'pending' and s.t = 'completed' and j.reason in ('lost', 'timeout', 'released'))
      )
    returning j.id, j.attempt, j.worker_id, j.version, j.status, j.queue, j.priority, j.ready_at
  ),
  picked as materialized (
    select id
    from jobs
    where queue = of_queue
      and status = 'pending'
      and ready_at is not null
      and (priority, ready_at, id) > (after_priority, after_ready_at, after_id)
      and kind = any(of_kinds)
      and not exists (select from queues where name = of_queue and (paused_at is not null or limited))
    order by priority, ready_at, id
    limit at_most
    for update skip locked
  ),
  claimed as (
    update jobs as j
    set
      version = j.version + 1,
      status = 'running',
      attempt = j.attempt + 1,
      worker_id = for_worker,
      actor = 'worker:' || for_worker,
      reason = 'claimed',
      started_at = clock_timestamp(),
      deadline_at = clock_timestamp() + j.timeout_ms * interval '1 millisecond',
      progress = null
    from picked
    where j.id = picked.id
      and j.status = 'pending'
    returning j.id, j.attempt, j.worker_id, j.version, j.status, j.queue, j.priority, j.ready_at, j.kind, j.failures, j.max_attempts, j.input,
      j.error, j.tags, j.timeout_ms, j.unique_key, j.run_at, j.deadline_at, j.created_at, j.started_at, j.traceparent
  )
  -- The claim comes first, so that it runs first, with a fresh snapshot. After the settling its
  -- snapshot would be some milliseconds old. Each job that another turn loop claimed in that time
  -- would be locked here, found to be running, and stay locked until this commit, so the settling
  -- of that turn loop would wait. (Measured with two turn loops: 1.6 times as many jobs per
  -- second.) A turn can wait only for a turn with an older snapshot, so turns cannot deadlock.
  select 'claimed'::text as op, id, attempt, worker_id, version, status, queue, priority, ready_at, kind, failures, max_attempts,
    input, error, tags, timeout_ms, unique_key, run_at, deadline_at, created_at, started_at, traceparent, false as limited
  from claimed
  union all
  select 'settled', id, attempt, worker_id, version, status, queue, priority, ready_at, null, null, null,
    null, null, null, null, null, null,
    null, null, null, null,
    queue in (select name from queues where limited)
  from settled
  union all
  select 'limited', null, null, null, null, null, name, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, true
  from queues
  where name = of_queue
    and limited
    and paused_at is null
    and at_most > 0;
end
$$;
