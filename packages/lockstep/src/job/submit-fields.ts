import { z } from "zod";
import type { Issue } from "../errors.js";
import { NAME_PATTERN, type SqlTransaction } from "./definition.js";
import { type Duration, durationMs } from "./duration.js";
import { INTEGER_MAX, KEY_CHARS_MAX, PRIORITY_MAX, PRIORITY_MIN, TAG_CHARS_MAX, TAGS_MAX } from "./limits.js";
import { MAX_ATTEMPTS_DEFAULT, MAX_ATTEMPTS_LIMIT } from "./retry.js";

/**
 * The fields of a submit besides kind and input: one row for each. The HTTP bodies, the library,
 * the command line, batches, schedules and the BullMQ bridge take their fields from here.
 */

const OFFSET_HOURS_MAX = 15;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const CONTROL_CHARACTERS = /\p{Cc}|\p{Cs}/u;

export const NAME_RULE =
  "must be 1 to 100 lower-case letters, digits or . _ -, and begin with a letter or digit";

/**
 * The rule for a value, in two forms made from the same bounds: a test for the ledger, because
 * every submit goes through it and zod is four times too slow there, and a schema for HTTP.
 */
interface Rule<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly rule: string;
  holds(value: unknown): boolean;
}

const name = textRule(
  (text) => NAME_PATTERN.test(text),
  NAME_RULE,
  z.string().regex(NAME_PATTERN, NAME_RULE),
);
const key = plainText(KEY_CHARS_MAX);
const tag = plainText(TAG_CHARS_MAX);
const TIME_RULE =
  "must be an RFC 3339 time, such as 2031-02-03T04:05:06Z, between the years 1970 and 9999, at most 15 hours from UTC";
const time = textRule(
  isTime,
  TIME_RULE,
  z.string().refine(isTime, { error: TIME_RULE }).meta({ format: "date-time" }),
);
const tags = {
  schema: z.array(tag.schema).max(TAGS_MAX, `must be at most ${TAGS_MAX}`).readonly(),
  rule: `must be at most ${TAGS_MAX} texts of 1 to ${TAG_CHARS_MAX} characters without control characters`,
  holds: (value: unknown) => Array.isArray(value) && value.length <= TAGS_MAX && value.every(tag.holds),
};
/** A malformed one is not a fault of the request: it comes from another system, and is left out. */
const traceparent = { schema: z.string(), rule: "", holds: () => true };

/** Of kinds, queues and schedules. */
export const nameSchema = name.schema;
/** Of unique keys, idempotency keys and limit keys. */
export const keySchema = key.schema;
export const isKey = key.holds;
/** RFC 3339 with an offset that PostgreSQL knows. */
export const timeSchema = time.schema;

/** @param recorded the value that the ledger records when the field is left out */
function field<Schema extends z.ZodType, Default>(
  rule: Rule<Schema>,
  recorded: Default,
  description: string,
) {
  return { ...rule, recorded, description };
}

export const SUBMIT_FIELDS = {
  queue: field(name, "default", "Default: the kind's own queue"),
  priority: field(integer(PRIORITY_MIN, PRIORITY_MAX), 0, "Smaller runs first. Default 0"),
  run_at: field(time, null, "Default: now"),
  max_attempts: field(integer(1, MAX_ATTEMPTS_LIMIT), MAX_ATTEMPTS_DEFAULT, "Default: the kind's own"),
  timeout_ms: field(integer(1, INTEGER_MAX), null, "For each attempt. Default: the kind's own"),
  unique_key: field(key, null, "At most one pending or running job of a kind has a given unique key"),
  limit_key: field(key, null, "The queue's limits by key count the job under this key"),
  idempotency_key: field(key, null, "Like the Idempotency-Key header of a single job"),
  tags: field(tags, [] as readonly string[], "Labels for filters"),
  traceparent: field(traceparent, null, "W3C trace context, passed to the handler"),
} as const;

export type SubmitField = keyof typeof SUBMIT_FIELDS;

type ValueOf<Name extends SubmitField> = z.output<(typeof SUBMIT_FIELDS)[Name]["schema"]>;

/** With the names that the ledger and HTTP use. */
export type SubmitFields = { readonly [Name in SubmitField]?: ValueOf<Name> };

/** With a value for each field. */
export type RecordedFields = {
  readonly [Name in SubmitField]: ValueOf<Name> | (typeof SUBMIT_FIELDS)[Name]["recorded"];
};

export const SUBMIT_FIELD_NAMES = Object.keys(SUBMIT_FIELDS) as readonly SubmitField[];

const RULES = SUBMIT_FIELD_NAMES.map((each) => {
  const { holds, rule } = SUBMIT_FIELDS[each];
  return { name: each, holds, rule };
});

/**
 * The fields that a schedule sets for each job that it submits: no time, and no key that would
 * count only once.
 */
export const SCHEDULE_FIELDS = [
  "queue",
  "priority",
  "max_attempts",
  "timeout_ms",
  "unique_key",
  "limit_key",
  "tags",
] as const satisfies readonly SubmitField[];

/** The fields that a batch sets for all its jobs: no key that only one of them could hold. */
export const BATCH_FIELDS = [
  "queue",
  "priority",
  "run_at",
  "max_attempts",
  "timeout_ms",
  "limit_key",
  "tags",
] as const satisfies readonly SubmitField[];

/** The fields as a program writes them. */
export interface SubmitJobOptions {
  /**
   * Your own transaction, such as a `pg` client after BEGIN: the job exists when, and only when, it
   * commits.
   */
  readonly tx?: SqlTransaction;
  /**
   * At most one pending or running job of a kind has a given unique key; a second submit returns
   * the first's job.
   */
  readonly uniqueKey?: string;
  /** The queue's limits by key count the job under this key. */
  readonly limitKey?: string;
  /** The same key with the same request always returns the same job, also after it was archived. */
  readonly idempotencyKey?: string;
  /** -32768 to 32767, smaller runs first. Default 0. */
  readonly priority?: number;
  /** Not before this time; a text is RFC 3339. Default: now. */
  readonly runAt?: Date | string;
  readonly tags?: readonly string[];
  /**
   * W3C trace context of the caller, passed to the handler as `ctx.job.traceparent`. A malformed
   * one is left out.
   */
  readonly traceparent?: string;
  /** Default: the definition's. */
  readonly queue?: string;
  /** All attempts, 1 to 1000. Default: the definition's. */
  readonly maxAttempts?: number;
  /** Timeout of one attempt. Default: the definition's. */
  readonly timeout?: Duration;
}

/** @throws RangeError when the timeout is not a duration */
export function submitFieldsOf(options: SubmitJobOptions): SubmitFields {
  const { runAt, timeout } = options;
  return givenFields({
    queue: options.queue,
    priority: options.priority,
    run_at: runAt instanceof Date ? runAt.toISOString() : runAt,
    max_attempts: options.maxAttempts,
    timeout_ms: timeout === undefined ? undefined : durationMs(timeout),
    unique_key: options.uniqueKey,
    limit_key: options.limitKey,
    idempotency_key: options.idempotencyKey,
    tags: options.tags,
    traceparent: options.traceparent,
  } satisfies Record<SubmitField, unknown>);
}

/** The fields of an object that are present; null or undefined counts as absent. */
export function givenFields(asked: { readonly [Name in SubmitField]?: unknown }): SubmitFields {
  const given: Partial<Record<SubmitField, unknown>> = {};
  for (const each of SUBMIT_FIELD_NAMES) {
    const value = asked[each];
    if (value !== undefined && value !== null) given[each] = value;
  }
  return given as SubmitFields;
}

/** The fields for which a kind can have values of its own. */
export type KindDefaults = Pick<
  SubmitFields,
  "queue" | "priority" | "max_attempts" | "timeout_ms" | "limit_key"
>;

const NO_DEFAULTS: KindDefaults = {};

/**
 * Every field, with the kind's own value, or else the one that the ledger records, for a field that
 * was left out.
 */
export function recordedFields(asked: SubmitFields, ofKind: KindDefaults = NO_DEFAULTS): RecordedFields {
  const { traceparent } = asked;
  // Written out: every submit goes through here, and an object whose members come from a loop costs
  // four times as much.
  return {
    queue: asked.queue ?? ofKind.queue ?? SUBMIT_FIELDS.queue.recorded,
    priority: asked.priority ?? ofKind.priority ?? SUBMIT_FIELDS.priority.recorded,
    run_at: asked.run_at ?? null,
    max_attempts: asked.max_attempts ?? ofKind.max_attempts ?? SUBMIT_FIELDS.max_attempts.recorded,
    timeout_ms: asked.timeout_ms ?? ofKind.timeout_ms ?? null,
    unique_key: asked.unique_key ?? null,
    limit_key: asked.limit_key ?? ofKind.limit_key ?? null,
    idempotency_key: asked.idempotency_key ?? null,
    tags: asked.tags ?? SUBMIT_FIELDS.tags.recorded,
    traceparent: traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : null,
  };
}

/** All faults at once. */
export function submitFieldFaults(asked: SubmitFields): Issue[] {
  const issues: Issue[] = [];
  for (const { name: each, holds, rule } of RULES) {
    const value = asked[each];
    if (value !== undefined && !holds(value)) issues.push({ pointer: `/${each}`, detail: rule });
  }
  return issues;
}

function integer(least: number, most: number): Rule<z.ZodInt> {
  const rule = `must be an integer from ${least} to ${most}`;
  return {
    schema: z.int(rule).min(least, rule).max(most, rule),
    rule,
    holds: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  };
}

/** A text that PostgreSQL can store and a terminal can show. */
function plainText(charactersMax: number): Rule<z.ZodString> {
  const rule = `must be 1 to ${charactersMax} characters without control characters`;
  const isPlain = (text: string) => !CONTROL_CHARACTERS.test(text);
  const schema = z.string(rule).min(1, rule).max(charactersMax, rule).refine(isPlain, rule);
  return textRule((text) => text.length >= 1 && text.length <= charactersMax && isPlain(text), rule, schema);
}

function textRule<Schema extends z.ZodType>(
  holds: (text: string) => boolean,
  rule: string,
  schema: Schema,
): Rule<Schema> {
  return { schema, rule, holds: (value) => typeof value === "string" && holds(value) };
}

function isTime(text: string): boolean {
  const match = /^(\d{4}-\d\d-\d\d)[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-](\d\d):\d\d)$/.exec(text);
  if (match === null || Number(match[2] ?? 0) > OFFSET_HOURS_MAX) return false;
  const year = new Date(text).getUTCFullYear();
  return year >= 1970 && year <= 9999 && z.iso.date().safeParse(match[1]).success;
}
