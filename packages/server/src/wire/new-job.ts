import {
  BATCH_FIELDS,
  CATCH_UPS,
  SCHEDULE_FIELDS,
  SUBMIT_FIELDS,
  type SubmitField,
} from "lockstep/internal/job";
import { BATCH_JOBS_MAX } from "lockstep/internal/ledger";
import { z } from "zod";
import * as fields from "./fields.js";
import { named } from "./registry.js";

type Optional<Name extends SubmitField> = z.ZodOptional<(typeof SUBMIT_FIELDS)[Name]["schema"]>;

/** The options of a submit, as members of a body. */
const submitFields = Object.fromEntries(
  Object.entries(SUBMIT_FIELDS).map(([name, { schema, description }]) => [
    name,
    schema.optional().describe(description),
  ]),
) as { [Name in SubmitField]: Optional<Name> };

const kind = z.string().max(100).describe("One of GET /api/kinds, unless allow_unknown is true");

const allow_unknown = z
  .boolean()
  .optional()
  .describe("Accepts a kind that no worker or client has recorded. Its input is not checked. Default: false");

const inputField = z
  .unknown()
  .default({})
  .describe("Must match the kind's input_schema. At most 1 MiB and 100 levels deep");

/** The trace context is a header, and so is the idempotency key of a single job. */
const { traceparent: _traceparent, idempotency_key, ...ownFields } = submitFields;
const newJobFields = { kind, input: inputField, ...ownFields, allow_unknown };

/** Picks these options as members. */
function membersOf<Name extends SubmitField>(names: readonly Name[]): { [Key in Name]: Optional<Key> } {
  const members: Record<string, z.ZodType> = {};
  for (const name of names) members[name] = submitFields[name];
  return members as { [Key in Name]: Optional<Key> };
}

/** Options that apply to all jobs of a batch. */
export const batchFields = { kind, ...membersOf(BATCH_FIELDS), allow_unknown };

const scheduleName = fields.name.describe("1 to 100 lower-case letters, digits or . _ -");

export const newSchedule = named(
  "NewSchedule",
  z.strictObject({
    name: scheduleName,
    kind,
    input: inputField,
    ...membersOf(SCHEDULE_FIELDS),
    allow_unknown,
    cron: z
      .string()
      .max(200)
      .describe("Five fields (minute to day of week), six with seconds first, or a nickname such as @daily"),
    timezone: z
      .string()
      .max(100)
      .default("UTC")
      .describe("A time zone of the IANA database, such as Europe/Berlin"),
    catch_up: z
      .enum(CATCH_UPS)
      .default("one")
      .describe(
        "Which of the missed times are submitted later: none, the newest one, or all (the newest 100)",
      ),
  }),
);

export const newJob = named("NewJob", z.strictObject(newJobFields));

const batchItem = named("NewBatchJob", z.strictObject({ ...newJobFields, idempotency_key }));

/** The response for each job of a batch: without its payloads, which the client has. */
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

/** A job in a client's request. */
export type NewJobBody = z.output<typeof batchItem>;

export const batch = z.strictObject({ jobs: z.array(batchItem).min(1).max(BATCH_JOBS_MAX) });
