import { REASONS } from "lockstep/internal/job";
import { z } from "zod";
import { asOf, at, id, source, status } from "./fields.js";
import { named } from "./registry.js";

const progress = z
  .object({ fraction: z.number().describe("Between 0 and 1"), message: z.string().nullable(), at })
  .nullable();

export const jobError = named(
  "JobError",
  z.object({
    name: z.string(),
    message: z.string(),
    code: z.string().nullable(),
    stack: z.string().nullable(),
    attempt: z.int(),
    at,
  }),
);

const summaryFields = {
  id,
  kind: z.string(),
  queue: z.string(),
  status,
  version: z.int().describe("Grows by one with every transition"),
  attempt: z.int().describe("How often the job was granted to a worker"),
  failures: z.int(),
  losses: z.int().describe("Attempts lost with their worker; no failures"),
  max_attempts: z.int(),
  priority: z.int().describe("Smaller runs first"),
  progress,
  error: jobError.nullable(),
  worker_id: z.string().nullable(),
  tags: z.array(z.string()).readonly(),
  timeout_ms: z.int().nullable(),
  unique_key: z.string().nullable(),
  limit_key: z.string().nullable(),
  batch_id: z.string().nullable().optional().describe("The batch it was submitted with"),
  run_at: at,
  deadline_at: at.nullable(),
  created_at: at,
  started_at: at.nullable(),
  finished_at: at.nullable(),
  cancel_requested_at: at.nullable(),
  actor: z.string().describe("Who made the last transition"),
  reason: z.enum(REASONS).describe("Why the last transition was made"),
};

export const jobSummary = named(
  "JobSummary",
  z.object({ ...summaryFields, error: jobError.nullable() }).describe("A job without its payloads"),
);

const archive = z.object({
  at,
  file: z.string(),
  readable: z
    .boolean()
    .describe("false: the file cannot be read here, so input, output, error and progress are omitted"),
});

const archived = z
  .literal(true)
  .optional()
  .describe("The job was moved to the archive: this is how it ended");

const jobFields = {
  ...summaryFields,
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  progress: progress.optional(),
  error: jobError.nullable().optional(),
  source,
  as_of: asOf,
  archived,
  archive: archive.optional(),
};

export const job = named(
  "Job",
  z.object({
    ...jobFields,
    input: z.unknown().optional().describe("Not part of a response from the cache"),
    output_omitted: z
      .boolean()
      .optional()
      .describe(
        "true: the output is too large for the cache, so `output` is null until the ledger can be read",
      ),
  }),
);

export const duplicateJob = named(
  "DuplicateJob",
  z
    .object({ ...jobFields, deduplicated: z.literal(true) })
    .describe("The live job that already holds the unique key"),
);

export const claimedJob = named(
  "ClaimedJob",
  z.object({
    ...jobFields,
    traceparent: z.string().nullable(),
    claim_token: z.string().describe("Name it when the attempt is settled: it is part of the fence"),
  }),
);

export const jobPage = z.object({
  jobs: z.array(jobSummary).readonly(),
  next: z.string().nullable().describe("The cursor of the next page; null on the last"),
  total: z
    .int()
    .nullable()
    .describe("With `count`: how many match on all pages; 10,000 stands for 10,000 or more"),
  source,
  as_of: asOf,
});

export const statusView = named(
  "Status",
  z.object({
    job_id: id,
    status,
    message: z.string().describe("One sentence for people"),
    progress: z.number().nullable().describe("Between 0 and 1, null when unknown"),
    results: z.unknown().optional().describe("The output, when the job is completed"),
    error: jobError.optional().describe("Why the job failed"),
    version: z.int(),
    source,
    as_of: asOf,
    archived,
  }),
);

export const transition = named(
  "Transition",
  z.object({
    job_id: id,
    version: z.int(),
    from_status: status.nullable(),
    status,
    attempt: z.int(),
    actor: z.string(),
    reason: z.enum(REASONS),
    detail: z.unknown(),
    at,
  }),
);
