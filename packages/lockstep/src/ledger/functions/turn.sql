-- One turn of a worker: claims jobs for the free slots, then settles the attempts that ended, in
-- one round trip and one commit. Its plans are made once per session, wherever the call comes from:
-- behind a pooler and in the embedded database no statement is prepared.
-- The claim comes first, with a fresh snapshot. After the settling its snapshot would be some
-- milliseconds old: each job that another turn loop claimed in that time would be locked here,
-- found to be running, and stay locked until this commit, so the settling of that turn loop would
-- wait. (Measured with two turn loops: 1.6 times as many jobs per second.) A turn can wait only for
-- a turn with an older snapshot, so turns cannot deadlock.
-- Rows: one without an `op` for each job granted, in the order of the claim index. What most jobs
-- have is null: no failures, no losses, no tags, a `run_at` that is `created_at`. The other rows
-- have an `op` and `details`: `limited` when the queue has limits, where nothing is claimed here;
-- `settled` when something was settled, with `ids`, the jobs of the completed attempts that were
-- accepted, or null when all of them were, and `queues`, those with limits that now have a free
-- slot; `changed` one for each other settlement that was accepted, with its job's id, attempt,
-- version, priority and ready_at.
create function lockstep.turn(
  settled_jobs uuid[], settled_attempts integer[], settled_workers uuid[], settled_tokens uuid[], outputs jsonb[],
  others jsonb,
  for_worker uuid, with_token uuid, of_queue text, of_kinds text[], at_most integer,
  after_priority smallint, after_ready_at timestamptz, after_id uuid
) returns table (
  op text, id uuid, attempt integer, version integer, priority smallint, ready_at timestamptz, kind text, failures integer, losses integer,
  max_attempts integer, input jsonb, error jsonb, tags text[], timeout_ms integer, unique_key text, limit_key text, batch_id uuid,
  run_at timestamptz, deadline_at timestamptz, created_at timestamptz, started_at timestamptz, traceparent text, details jsonb
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
#variable_conflict use_column
declare
  moment timestamptz;
  ended uuid[];
  freed text[];
begin
  if at_most > 0 then
    moment := clock_timestamp();
    return query
    with picked as materialized (
      select id, ready_at
      from lockstep.jobs
      where queue = of_queue
        and ready_at is not null
        and (priority, ready_at, id) > (after_priority, after_ready_at, after_id)
        and kind = any(of_kinds)
        and not exists (select from lockstep.queues where name = of_queue and (paused_at is not null or limited))
      order by priority, ready_at, id
      limit at_most
      for update skip locked
    ),
    claimed as (
      update lockstep.jobs as j
      set
        version = j.version + 1,
        status = 'running',
        attempt = j.attempt + 1,
        worker_id = for_worker,
        claim_token = with_token,
        actor = 'worker:' || for_worker,
        reason = 'claimed',
        ready_at = null,
        started_at = moment,
        deadline_at = moment + j.timeout_ms * interval '1 millisecond',
        progress = null
      from picked
      where j.id = picked.id
        and j.status = 'pending'
      returning
        j.id, j.attempt, j.version, j.priority, picked.ready_at, j.kind, j.failures, j.losses, j.max_attempts, j.input, j.error, j.tags,
        j.timeout_ms, j.unique_key, j.limit_key, j.batch_id, j.run_at, j.deadline_at, j.created_at, j.started_at, j.traceparent
    ),
    noted as (
      insert into lockstep.claims (token, worker_id, queue, job_ids)
      select with_token, for_worker, of_queue, array_agg(c.id)
      from claimed c
      having count(*) > 0
    )
    select
      null::text, c.id, c.attempt, c.version, c.priority, c.ready_at, c.kind, nullif(c.failures, 0), nullif(c.losses, 0), c.max_attempts,
      c.input, c.error, nullif(c.tags, '{}'), c.timeout_ms, c.unique_key, c.limit_key, c.batch_id, nullif(c.run_at, c.created_at),
      c.deadline_at, c.created_at, c.started_at, c.traceparent, null::jsonb
    from claimed c;
    if not found and exists (select from lockstep.queues where name = of_queue and limited and paused_at is null) then
      op := 'limited';
      return next;
    end if;
  end if;
  if cardinality(settled_jobs) > 0 then
    moment := clock_timestamp();
    with settled as (
      update lockstep.jobs as j
      set
        version = j.version + 1,
        status = 'completed',
        reason = case j.status when 'pending' then 'late_result' else 'succeeded' end,
        actor = 'worker:' || s.worker_id,
        output = s.output,
        error = null,
        finished_at = moment,
        deadline_at = null,
        ready_at = null,
        due_at = null,
        unique_hold = null
      from unnest(settled_jobs, settled_attempts, settled_workers, settled_tokens, outputs) as s(id, attempt, worker_id, claim_token, output)
      where j.id = s.id
        and j.attempt = s.attempt
        and j.worker_id = s.worker_id
        and (s.claim_token is null or j.claim_token = s.claim_token)
        and (j.status = 'running' or (j.status = 'pending' and j.reason in ('lost', 'timeout', 'released')))
      returning j.id, j.queue, j.claim_token
    )
    select coalesce(array_agg(s.id), '{}'), array_agg(distinct s.queue) filter (where s.queue in (select name from lockstep.queues where limited))
    into ended, freed
    from settled s;
    op := 'settled';
    details := jsonb_build_object('ids', case when cardinality(ended) < cardinality(settled_jobs) then ended end, 'queues', freed);
    return next;
    perform lockstep.close_claims(settled_tokens, ended);
  end if;
  if others is not null then
    op := 'changed';
    for id, attempt, version, priority, ready_at, details in
      select
        c.id, c.attempt, c.version, c.priority, c.ready_at,
        jsonb_build_object('worker_id', c.worker_id, 'status', c.status, 'queue', c.queue, 'limited', c.limited)
      from lockstep.settle_others(others) c
    loop
      return next;
    end loop;
  end if;
end
$$;
