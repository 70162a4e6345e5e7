-- Browsers that signed in with a key. Only the hash of the browser's secret is kept, as for a key.
-- Revoking the key ends all its sessions.
create table api_sessions (
  hash bytea primary key,
  key_id uuid not null references api_keys (id),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);

create index api_sessions_expires_at on api_sessions (expires_at);
