import type { Statement } from "../database/index.js";

const COLUMNS = "id, name, role, created_at, revoked_at";

// $1 id, $2 name, $3 role, $4 hash. One row: the key.
export const CREATE: Statement = {
  name: "keys_create",
  ofLedger: true,
  text: `insert into lockstep.api_keys (id, name, role, hash) values ($1, $2, $3, $4) returning ${COLUMNS}`,
};

// $1 limit. The keys, newest first, revoked ones included.
export const LIST: Statement = {
  name: "keys_list",
  ofLedger: true,
  text: `select ${COLUMNS} from lockstep.api_keys order by id desc limit $1`,
};

// $1 limit. The active keys with their hashes in hexadecimal.
export const ACTIVE: Statement = {
  name: "keys_active",
  ofLedger: true,
  text: `select ${COLUMNS}, encode(hash, 'hex') as hash from lockstep.api_keys where revoked_at is null order by id desc limit $1`,
};

// $1 id. One row: the key, revoked now or before; none when there is no such key.
export const REVOKE: Statement = {
  name: "keys_revoke",
  ofLedger: true,
  text: `update lockstep.api_keys set revoked_at = coalesce(revoked_at, clock_timestamp()) where id = $1 returning ${COLUMNS}`,
};

// $1 hash. One row when an active key has this hash.
export const VERIFY: Statement = {
  name: "keys_verify",
  ofLedger: true,
  text: `select ${COLUMNS} from lockstep.api_keys where hash = $1 and revoked_at is null`,
};

// One row: whether any key is active, and whether any key was ever created.
export const ANY: Statement = {
  name: "keys_any",
  ofLedger: true,
  text: `select
  exists (select from lockstep.api_keys where revoked_at is null) as active,
  exists (select from lockstep.api_keys) as created`,
};

// $1 hash, $2 id of the key, $3 seconds. No rows. Also deletes expired sessions.
export const OPEN_SESSION: Statement = {
  name: "keys_open_session",
  ofLedger: true,
  text: `with expired as (delete from lockstep.api_sessions where expires_at <= clock_timestamp())
insert into lockstep.api_sessions (hash, key_id, expires_at)
values ($1, $2, clock_timestamp() + make_interval(secs => $3))`,
};

// $1 hash. One row, the key, while the session has not expired and its key is active.
export const VERIFY_SESSION: Statement = {
  name: "keys_verify_session",
  ofLedger: true,
  text: `select k.id, k.name, k.role, k.created_at, k.revoked_at from lockstep.api_sessions s
join lockstep.api_keys k on k.id = s.key_id
where s.hash = $1 and s.expires_at > clock_timestamp() and k.revoked_at is null`,
};

// $1 hash. No rows.
export const CLOSE_SESSION: Statement = {
  name: "keys_close_session",
  ofLedger: true,
  text: "delete from lockstep.api_sessions where hash = $1",
};
