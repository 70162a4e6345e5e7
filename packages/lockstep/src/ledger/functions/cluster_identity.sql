-- Where the numbers of transactions in `changes` come from: the cluster and its timeline, the
-- database, and the table. One of them is new after a restore, an upgrade or a failover.
-- It runs as the owner of the schema, so that all roles get the same answer. Some hosted servers do
-- not show the cluster; then the others must do.
create function lockstep.cluster_identity() returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  system text := '';
  timeline text := '';
begin
  begin
    select (pg_control_system()).system_identifier::text, left(pg_walfile_name(pg_current_wal_lsn()), 8)
    into system, timeline;
  exception
    when insufficient_privilege or undefined_function or feature_not_supported then
      null;
  end;
  return concat_ws('/', system, timeline,
    (select d.oid from pg_database d where d.datname = current_database()), 'lockstep.feed_state'::regclass::oid);
end
$$;
