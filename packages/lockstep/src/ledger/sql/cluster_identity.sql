-- Purpose: identifies the PostgreSQL cluster and its timeline. The values change when a backup is
--   restored or a standby is promoted.
-- Parameters: none
-- Rows: one: the system identifier and the timeline that is being written.
-- Guard: none, reads only. Some hosted servers do not offer these functions; then the caller does
--   without them.
select
  (pg_control_system()).system_identifier::text as system_identifier,
  left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline
