/**
 * API keys: who may call the server, and what they may do.
 *
 * A token is 256 random bits and is shown once, when it is created. The database keeps only its
 * SHA-256, so a copy of the table gives no access. A key is never deleted, only revoked, because
 * its name must still explain who made a transition. A process remembers a verified key for at most
 * five seconds, so a revocation made in another process can take that long to take effect.
 *
 * A server without keys trusts every request of its own machine. The first key ends that, and
 * revoking the last key does not bring it back: `any` counts revoked keys as well.
 *
 * A browser that signs in gets a session, and its key is not stored anywhere. The session is a
 * random secret whose hash is in the database. It ends when the user signs out, when its time is
 * over, and when its key is revoked.
 */
export type { KeyInfo } from "./key-info.js";
export { createKeyStore, type KeyStore, type NewKey } from "./key-store.js";
export { grants, ROLES, type Role } from "./role.js";
