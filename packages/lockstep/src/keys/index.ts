/**
 * API keys: who may call the server, and for what.
 *
 * A token is 256 random bits and is shown once, when it is made; the database keeps its SHA-256 only, so a copy of
 * the table opens nothing. A key is never deleted, only revoked: its name goes on explaining who made a transition.
 * A process remembers a verified key for at most five seconds, which is how long a revocation made elsewhere can
 * take to be felt.
 *
 * A browser that signs in gets a session, and its key is not kept anywhere: a random secret whose hash is in the database, which ends
 * when it is signed out, when its time is over, and with its key.
 */
export type { KeyInfo } from "./key-info.js";
export { createKeyStore, type KeyStore, type NewKey } from "./key-store.js";
export { grants, ROLES, type Role } from "./role.js";
