import { DatabaseUnavailableError } from "../errors.js";

/**
 * How long an answer about a key is remembered. A revocation made in another process can take this
 * long to take effect.
 */
export const REMEMBERED_MS = 5_000;
export const REMEMBERED_KEYS_MAX = 1_000;
/**
 * While the database is unavailable nobody can revoke a key, and without this no read could be
 * answered from a cache.
 */
export const OUTAGE = {
  milliseconds: 3_600_000,
  isOne: (error: unknown) => error instanceof DatabaseUnavailableError,
};
