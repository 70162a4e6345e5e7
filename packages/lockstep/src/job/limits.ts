/** The largest number in a column of type `integer`: of attempts, versions and milliseconds. */
export const INTEGER_MAX = 2_147_483_647;

/** Smaller runs first. */
export const PRIORITY_MIN = -32_768;
export const PRIORITY_MAX = 32_767;

/** Characters of unique keys, idempotency keys and limit keys. */
export const KEY_CHARS_MAX = 255;
export const TAGS_MAX = 50;
export const TAG_CHARS_MAX = 100;
export const BATCH_NAME_CHARS_MAX = 200;

/** Of a queue's limits: how many jobs run at once, or start in a period, and how long the period is. */
export const LIMIT_COUNT_MAX = 1_000_000;
export const RATE_MS_MIN = 1_000;
export const RATE_MS_MAX = 86_400_000;

/** Which jobs a limit counts: all of a queue, those of each key that has no limit of its own, or those of one limit key. */
export const LIMIT_SCOPES = ["queue", "each_key", "key"] as const;

/** Of a schedule's missed times, which are made up for. */
export const CATCH_UPS = ["none", "one", "all"] as const;
