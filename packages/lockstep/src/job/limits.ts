/** The largest number in a column of type `integer`: for attempts, versions and milliseconds. */
export const INTEGER_MAX = 2_147_483_647;

/** Smaller runs first. */
export const PRIORITY_MIN = -32_768;
export const PRIORITY_MAX = 32_767;

/** Maximum characters of unique keys, idempotency keys and limit keys. */
export const KEY_CHARS_MAX = 255;
export const TAGS_MAX = 50;
export const TAG_CHARS_MAX = 100;
export const BATCH_NAME_CHARS_MAX = 200;

/**
 * Bounds for a queue's limits: how many jobs run at once or start in a period, and the length of
 * the period.
 */
export const LIMIT_COUNT_MAX = 1_000_000;
export const RATE_MS_MIN = 1_000;
export const RATE_MS_MAX = 86_400_000;

/**
 * Which jobs a limit counts: all jobs of a queue, the jobs of each key that has no limit of its
 * own, or the jobs of one limit key.
 */
export const LIMIT_SCOPES = ["queue", "each_key", "key"] as const;

/** How many missed times of a schedule are made up for. */
export const CATCH_UPS = ["none", "one", "all"] as const;
