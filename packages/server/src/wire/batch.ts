import { BATCH_NAME_CHARS_MAX, TERMINAL_STATUSES } from "lockstep/internal/job";
import { BATCH_MEMBERS_MAX } from "lockstep/internal/ledger";
import { z } from "zod";
import * as fields from "./fields.js";
import { batchFields } from "./new-job.js";
import { named } from "./registry.js";

const { kind, ...shared } = batchFields;

export const newBatch = named(
  "NewBatch",
  z.strictObject({
    kind,
    name: fields.text(BATCH_NAME_CHARS_MAX).optional().describe("For people. Default: the kind"),
    input: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("Members that the inputs of all jobs share"),
    inputs: z
      .array(z.unknown())
      .min(1)
      .max(BATCH_MEMBERS_MAX)
      .optional()
      .describe("The input of each job; its members override the shared ones"),
    library: z
      .string()
      .optional()
      .describe("Instead of inputs: the id of an uploaded file that the kind splits into inputs"),
    skip_invalid: z
      .boolean()
      .default(false)
      .describe("Skip lines of the library that are not valid, instead of rejecting the whole batch"),
    ...shared,
  }),
);

const count = z.int().min(0);

export const batch = named(
  "Batch",
  z.object({
    id: fields.id,
    name: z.string(),
    kind: z.string(),
    jobs: count.describe("How many were submitted"),
    counts: z
      .object({ pending: count, running: count, completed: count, failed: count, cancelled: count })
      .describe("Exact, and all from the same moment"),
    progress: z.object({ finished: count, fraction: z.number().describe("Between 0 and 1") }),
    archived: count.describe("How many of the finished jobs were moved to the archive"),
    skipped: count.describe("Lines of the library that were skipped"),
    skipped_lines: z
      .array(z.object({ line: z.int(), detail: z.string() }))
      .readonly()
      .describe("The first hundred of them"),
    library: z.string().nullable(),
    actor: z.string(),
    created_at: fields.at,
    source: fields.source,
    as_of: fields.asOf,
  }),
);

export const batchPage = z.object({
  batches: z.array(batch).readonly(),
  next: z.string().nullable().describe("The cursor of the next page; null on the last"),
  source: fields.source,
  as_of: fields.asOf,
});

export const changedBatch = z.object({
  changed: count.describe("How many jobs this call changed"),
  batch,
});

export const batchResults = named(
  "BatchResults",
  z.object({
    batch,
    columns: z.array(z.string()).readonly(),
    results: z
      .array(
        z.object({
          rank: z.int().nullable().describe("1 is the best; null without a score"),
          job_id: fields.id,
          status: z.enum(TERMINAL_STATUSES),
          attempt: z.int(),
          score: z.number().nullable(),
          values: z.record(z.string(), z.union([z.string(), z.number()]).nullable()),
          error: z.object({ code: z.string().nullable(), message: z.string() }).nullable(),
        }),
      )
      .readonly(),
  }),
);
