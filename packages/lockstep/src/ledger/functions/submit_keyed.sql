-- Submits jobs that have an idempotency key or a unique key, one after the other in the order of
-- their keys, so that two calls with the same keys wait for each other in one direction.
-- Parameters: array of {id, kind, queue, priority, run_at, max_attempts, timeout_ms, input,
--   idempotency_key, request_hash (hex), unique_key, limit_key, tags, traceparent, actor, batch_id}
-- Rows: one for each request, with the job it led to. `result`: `inserted`; `idempotency_key`: the
--   job of an earlier request with this key; `unique_key`: the live job that holds the unique key;
--   `mismatch`: the idempotency key was used with another request; `contended`: the holder of the
--   unique key changed again and again.
-- The key is recorded in the transaction that inserts the job or finds the existing one, so it
-- always leads to the same job. A call that has to wait for another transaction with the same key
-- gives up soon, alone (SQLSTATE 55P03).
create function lockstep.submit_keyed(requests jsonb)
returns table (id uuid, job_id uuid, result text, run_at timestamptz, ready_at timestamptz, created_at timestamptz)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
  asked record;
  known record;
  moment timestamptz;
begin
  for asked in
    select r.*
    from jsonb_to_recordset(requests) as r(
      id uuid, kind text, queue text, priority smallint, run_at timestamptz, max_attempts integer, timeout_ms integer, input jsonb,
      idempotency_key text, request_hash text, unique_key text, limit_key text, tags text[], traceparent text, actor text, batch_id uuid
    )
    order by r.idempotency_key, r.kind, r.unique_key, r.id
  loop
    id := asked.id;
    job_id := null;
    result := null;
    run_at := null;
    ready_at := null;
    created_at := null;
    if asked.idempotency_key is not null then
      insert into lockstep.idempotency_keys (key, job_id, request_hash)
      values (asked.idempotency_key, asked.id, decode(asked.request_hash, 'hex'))
      on conflict (key) do nothing;
      if not found then
        select k.job_id, k.request_hash into known from lockstep.idempotency_keys k where k.key = asked.idempotency_key;
        job_id := known.job_id;
        result := case when known.request_hash = decode(asked.request_hash, 'hex') then 'idempotency_key' else 'mismatch' end;
        return next;
        continue;
      end if;
    end if;
    -- The holder of the unique key may end between the two statements: then the insert is tried
    -- again.
    for round in 1..5 loop
      moment := clock_timestamp();
      insert into lockstep.jobs as j (
        id, kind, queue, priority, created_at, run_at, ready_at, due_at, max_attempts, timeout_ms, input, unique_key, unique_hold,
        limit_key, tags, traceparent, actor, reason, batch_id
      )
      values (
        asked.id, asked.kind, asked.queue, asked.priority, moment, coalesce(asked.run_at, moment),
        case when asked.run_at is null or asked.run_at <= moment then moment end,
        case when asked.run_at > moment then asked.run_at end,
        asked.max_attempts, asked.timeout_ms, coalesce(asked.input, 'null'), asked.unique_key, asked.unique_key,
        asked.limit_key, coalesce(asked.tags, '{}'), asked.traceparent, asked.actor, 'submitted', asked.batch_id
      )
      on conflict do nothing
      returning j.run_at, j.ready_at, j.created_at into known;
      if found then
        job_id := asked.id;
        result := 'inserted';
        run_at := known.run_at;
        ready_at := known.ready_at;
        created_at := known.created_at;
        exit;
      end if;
      select j.id into job_id from lockstep.jobs j where j.kind = asked.kind and j.unique_hold = asked.unique_key;
      if found then
        result := 'unique_key';
        update lockstep.idempotency_keys k set job_id = submit_keyed.job_id where k.key = asked.idempotency_key;
        exit;
      end if;
    end loop;
    result := coalesce(result, 'contended');
    return next;
  end loop;
end
$$;
