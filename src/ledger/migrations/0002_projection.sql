-- What the projection (the copy of the ledger in Redis) must remember on this side.

-- How far each reader of the feed has come. The snapshot in the second part of a position (split at '/') is safe to compare
-- with: everything visible in it has been delivered to that reader. A job must not be deleted while its last transition is not visible
-- in the snapshot of every reader heard of during the last day; a reader silent for longer starts anew by itself.
create table feed_cursors (
  name text primary key check (char_length(name) between 1 and 100),
  position text not null,
  updated_at timestamptz not null default clock_timestamp()
);

-- The generation that Redis must name too. Another one there, or none, means that Redis was flushed, restored or exchanged;
-- another cluster here means that PostgreSQL was. Epochs only grow, so a value of an older epoch is known for what it is.
create table projection_state (
  singleton boolean primary key default true check (singleton),
  generation uuid not null,
  epoch bigint not null check (epoch > 0),
  cluster text not null,
  rebuilding boolean not null,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  constraint projection_state_finished_exactly_when_rebuilt check (rebuilding = (finished_at is null))
);
