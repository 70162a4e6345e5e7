-- Writes the transitions of changed jobs, and one row of the feed for the statement. Usually every
-- updated job has a new version, or none has (progress, a delayed job that became due). The guard
-- allows no other step than one, so the sums of the versions tell which. Only the other statements,
-- and those whose transition keeps something of the earlier row, join the rows.
create function lockstep.log_updates() returns trigger
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set enable_mergejoin = off
set enable_hashjoin = on
as $$
declare
  updated bigint;
  changed bigint;
  keeps_earlier boolean;
begin
  select n.rows, n.versions - o.versions, n.keeps_earlier
  into updated, changed, keeps_earlier
  from (
    select count(*) as rows, sum(version) as versions, bool_or(reason in ('requeued', 'cancelled')) as keeps_earlier
    from new_rows
  ) n
  cross join (select sum(version) as versions from old_rows) o;
  if updated = 0 or changed = 0 then
    return null;
  end if;
  if changed = updated and not keeps_earlier then
    insert into lockstep.transitions (job_id, version, status, attempt, actor, reason, detail)
    select n.id, n.version, n.status, n.attempt, n.actor, n.reason,
      case when n.reason in ('retry', 'error', 'timeout', 'lost') then n.error end
    from new_rows n;
    insert into lockstep.changes (job_ids, versions, statuses)
    select array_agg(n.id), array_agg(n.version), array_agg(n.status)
    from new_rows n;
    return null;
  end if;
  insert into lockstep.transitions (job_id, version, status, attempt, actor, reason, detail)
  select n.id, n.version, n.status, n.attempt, n.actor, n.reason,
    case
      when n.reason = 'requeued' then jsonb_build_object('output', o.output, 'error', o.error, 'finished_at', o.finished_at)
      when n.error is distinct from o.error then n.error
    end
  from new_rows n
  join old_rows o on o.id = n.id
  where n.version <> o.version;
  insert into lockstep.changes (job_ids, versions, statuses)
  select array_agg(n.id), array_agg(n.version), array_agg(n.status)
  from new_rows n
  join old_rows o on o.id = n.id
  where n.version <> o.version;
  return null;
end
$$;

create trigger jobs_log_updates after update on lockstep.jobs
  referencing old table as old_rows new table as new_rows
  for each statement execute function lockstep.log_updates();
