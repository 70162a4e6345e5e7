-- Purpose: which PostgreSQL this is, and on which line of its history: both change when a backup is restored or a standby promoted.
-- Parameters: none
-- Rows: one: the system's identifier and the timeline that is being written.
-- Guard: none, reads only. Some hosted servers do not offer these functions; the caller does without then.
select
  (pg_control_system()).system_identifier::text as system_identifier,
  left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline
