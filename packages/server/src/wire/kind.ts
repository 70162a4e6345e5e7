import { canonicalJson, INPUT_SCHEMA_BYTES_MAX, INTEGER_MAX, SUBMIT_FIELDS } from "lockstep/internal/job";
import { z } from "zod";
import * as fields from "./fields.js";
import { named } from "./registry.js";

const DESCRIPTION_CHARACTERS_MAX = 1_000;

const backoff = z.object({ base_delay_ms: z.int(), max_delay_ms: z.int() });

export const kind = named(
  "Kind",
  z.object({
    kind: z.string(),
    description: z.string().nullable(),
    queue: z.string(),
    priority: z.int(),
    max_attempts: z.int(),
    timeout_ms: z.int().nullable(),
    backoff: backoff.nullable().describe("The wait after a failure; null: the usual one"),
    limit_key: z.string().nullable(),
    input_schema: z
      .record(z.string(), z.unknown())
      .readonly()
      .nullable()
      .describe("JSON Schema (2020-12) of the input; null: it is not described, and not checked here"),
    version_hash: z
      .string()
      .nullable()
      .describe("Changes with the definition; null: a worker has only named the kind"),
    recorded_at: fields.at
      .nullable()
      .describe("null while the database is down: then only the server's own kinds are known"),
    programs: z
      .array(z.object({ program: z.string(), debian_package: z.string() }))
      .readonly()
      .describe("Programs that a worker's machine needs to offer the kind"),
    workers_live: z.int().nullable().describe("Live workers that offer it; null while the database is down"),
  }),
);

export const kindPage = z.object({
  kinds: z.array(kind).readonly(),
  next: z.string().nullable().describe("The cursor of the next page; null on the last"),
});

const delay = z.int().min(1).max(INTEGER_MAX);

const isRecordable = (input_schema: unknown) => canonicalJson({ input_schema }, INPUT_SCHEMA_BYTES_MAX).ok;

/** A kind as a worker defines it. */
export const kindDefinition = z.strictObject({
  kind: fields.name,
  description: fields.text(DESCRIPTION_CHARACTERS_MAX).nullable().default(null),
  queue: SUBMIT_FIELDS.queue.schema.default(SUBMIT_FIELDS.queue.recorded),
  priority: SUBMIT_FIELDS.priority.schema.default(SUBMIT_FIELDS.priority.recorded),
  max_attempts: SUBMIT_FIELDS.max_attempts.schema.default(SUBMIT_FIELDS.max_attempts.recorded),
  timeout_ms: SUBMIT_FIELDS.timeout_ms.schema.nullable().default(null),
  backoff: z
    .strictObject({ base_delay_ms: delay, max_delay_ms: delay })
    .nullable()
    .default(null)
    .describe("The maximum of the first wait after a failure, and of any"),
  limit_key: SUBMIT_FIELDS.limit_key.schema.nullable().default(null),
  input_schema: z
    .record(z.string(), z.unknown())
    .refine(isRecordable, `must be at most ${INPUT_SCHEMA_BYTES_MAX} bytes and less than 100 levels deep`)
    .nullable()
    .default(null)
    .describe("JSON Schema (2020-12) of the input. Default: the input is not checked at submit"),
});
