import { MAX_ATTEMPTS_LIMIT } from "lockstep/internal/job";
import { BATCH_JOBS_MAX } from "lockstep/internal/ledger";
import { z } from "zod";
import * as fields from "./fields.js";
import { named } from "./registry.js";

/** Of unique keys and idempotency keys. */
export const KEY_CHARACTERS_MAX = 255;
const PRIORITY_MAX = 32_767;
const TIMEOUT_MS_MAX = 2_147_483_647;

export const newJobFields = {
  kind: z.string().max(100).describe("One of GET /api/kinds, or one that a worker has registered with"),
  input: z
    .unknown()
    .default({})
    .describe("What the kind's input_schema says. At most 1 MiB and 100 levels deep"),
  queue: fields.name.optional().describe("Default: the kind's own queue"),
  priority: z
    .int()
    .min(-PRIORITY_MAX - 1)
    .max(PRIORITY_MAX)
    .optional()
    .describe("Smaller runs first. Default 0"),
  run_at: fields.time.optional().describe("Default: now"),
  max_attempts: z.int().min(1).max(MAX_ATTEMPTS_LIMIT).optional().describe("Default: the kind's own"),
  timeout_ms: z
    .int()
    .min(1)
    .max(TIMEOUT_MS_MAX)
    .optional()
    .describe("For each attempt. Default: the kind's own"),
  unique_key: fields
    .text(KEY_CHARACTERS_MAX)
    .optional()
    .describe("At most one pending or running job of a kind has a given unique key"),
  limit_key: fields
    .text(KEY_CHARACTERS_MAX)
    .optional()
    .describe("The queue's limits by key count the job under this key"),
  tags: z.array(fields.text(100)).max(50).optional(),
};

/** What a schedule submits each time: a job without a time or a limit key of its own. */
const { run_at: _runAt, limit_key: _limitKey, ...repeatedFields } = newJobFields;

const scheduleName = fields.name.describe("1 to 100 lower-case letters, digits or . _ -");

export const newSchedule = named(
  "NewSchedule",
  z.strictObject({
    name: scheduleName,
    ...repeatedFields,
    cron: z
      .string()
      .max(200)
      .describe("Five fields (minute to day of week), six with seconds first, or a nickname such as @daily"),
    timezone: z.string().max(100).default("UTC").describe("Of the IANA database, such as Europe/Berlin"),
    catch_up: z
      .enum(["none", "one", "all"])
      .default("one")
      .describe(
        "Which of the times that were missed are made up for: none, the newest one, or all (the newest 100)",
      ),
  }),
);

export const newJob = named("NewJob", z.strictObject(newJobFields));

const batchItem = named(
  "NewBatchJob",
  z.strictObject({
    ...newJobFields,
    idempotency_key: fields
      .text(KEY_CHARACTERS_MAX)
      .optional()
      .describe("As the Idempotency-Key header of a single job"),
  }),
);

/** What is said of each job of a batch: without its payloads, which the client has. */
export const batchAnswer = z.object({
  jobs: z
    .array(
      z.object({
        id: fields.id,
        kind: z.string(),
        queue: z.string(),
        status: fields.status,
        version: z.int(),
        deduplicated: z
          .enum(["idempotency_key", "unique_key"])
          .nullable()
          .describe("The key by which the job was found; null when it is new"),
      }),
    )
    .readonly()
    .describe("In the order of the request"),
  source: fields.source,
  as_of: fields.asOf,
});

/** A job as a client asks for it. */
export type NewJob = z.output<typeof batchItem>;

export const batch = z.strictObject({ jobs: z.array(batchItem).min(1).max(BATCH_JOBS_MAX) });
