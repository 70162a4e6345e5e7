import { INTEGER_MAX, LOG_LEVELS, SETTLE_RESULTS } from "lockstep/internal/job";
import { z } from "zod";
import * as fields from "./fields.js";
import { claimedJob } from "./job.js";
import { kindDefinition } from "./kind.js";
import { named } from "./registry.js";

const CONCURRENCY_MAX = 1_000;
const CLAIM_JOBS_MAX = 1_000;
const WAIT_SECONDS_MAX = 30;
const HELD_MAX = 1_000;
const SETTLEMENTS_MAX = 1_000;
const LOG_LINES_MAX = 1_000;
const MESSAGE_CHARACTERS_MAX = 10_000;
const STACK_CHARACTERS_MAX = 32_768;

const worker = named(
  "Worker",
  z.object({
    id: fields.id,
    name: z.string(),
    host: z.string(),
    pid: z.int(),
    queues: z.array(z.string()).readonly().describe("Empty means all"),
    kinds: z.array(z.string()).readonly(),
    concurrency: z.int(),
    started_at: fields.at,
    heartbeat_at: fields.at,
    heartbeat_age_seconds: z.number(),
    draining: z.boolean(),
    running: z.int(),
    live: z.boolean().describe("Whether the heartbeat is younger than the lease"),
  }),
);

export const workerList = z.object({
  workers: z.array(worker).readonly(),
  source: fields.source,
  as_of: fields.asOf,
});

const definitions = z
  .array(kindDefinition)
  .max(100)
  .default([])
  .describe("Definitions of kinds that the worker offers: the defaults of a submit, and the input's schema");

const registrationFields = z.strictObject({
  name: fields.text(100),
  host: fields.text(255).default("unknown"),
  pid: z.int().min(0).max(INTEGER_MAX).default(0),
  queues: z.array(fields.name).max(100).default([]).describe("Empty means all"),
  kinds: z.array(fields.name).min(1).max(100),
  concurrency: z.int().min(1).max(CONCURRENCY_MAX).default(1),
  definitions,
});

export const registration = registrationFields.superRefine(({ kinds, definitions }, { addIssue }) => {
  for (const [index, { kind }] of definitions.entries())
    if (!kinds.includes(kind))
      addIssue({ code: "custom", path: ["definitions", index, "kind"], message: "must be one of kinds" });
});

export const registered = z.object({
  id: fields.id,
  lease_seconds: z.number(),
  heartbeat_seconds: z.number(),
});

export const claim = z.strictObject({
  queue: fields.name.optional().describe("Default: the queues it registered for"),
  kinds: z.array(fields.name).min(1).max(100).optional().describe("Default: the kinds it registered for"),
  limit: z.int().min(1).max(CLAIM_JOBS_MAX).default(1),
  wait: z.number().min(0).max(WAIT_SECONDS_MAX).default(0).describe("Seconds"),
});

export const claimed = z.object({ jobs: z.array(claimedJob).readonly() });

const attempt = { job_id: fields.id, attempt: z.int().min(1).max(INTEGER_MAX) };

const heldJob = z.strictObject({
  ...attempt,
  progress: z
    .strictObject({
      fraction: z.number().min(0).max(1),
      message: fields.note(MESSAGE_CHARACTERS_MAX).nullable().default(null),
    })
    .optional(),
  logs: z
    .array(
      z.strictObject({
        level: z.enum(LOG_LEVELS).default("info"),
        message: fields.note(MESSAGE_CHARACTERS_MAX),
        at: fields.time,
      }),
    )
    .max(LOG_LINES_MAX)
    .default([]),
});

export const heartbeat = z.strictObject({
  held: z.array(heldJob).max(HELD_MAX).describe("Every job the worker runs"),
});

export const heartbeatAnswer = z.object({
  jobs: z
    .array(
      z.object({
        ...attempt,
        recall: z
          .enum(["cancel_requested", "fenced"])
          .nullable()
          .describe(
            "Why the attempt must stop; null when it may continue. `fenced`: it no longer belongs to this worker",
          ),
      }),
    )
    .readonly(),
});

const failure = z.strictObject({
  name: fields.note(200).default("Error"),
  message: fields.note(MESSAGE_CHARACTERS_MAX),
  code: fields.note(200).nullable().default(null),
  stack: fields.note(STACK_CHARACTERS_MAX).nullable().default(null),
});

const outcome = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("completed"),
    output: z.unknown().default(null).describe("The result: at most 8 MiB"),
  }),
  z.strictObject({
    type: z.literal("failed"),
    error: failure,
    retry: z.boolean().default(true).describe("false when a retry cannot help"),
  }),
  z.strictObject({ type: z.literal("released") }).describe("Released without being run; costs no failure"),
  z.strictObject({ type: z.literal("cancelled"), error: failure.nullable().default(null) }),
]);

export const settlement = z.strictObject({
  ...attempt,
  claim_token: z
    .guid()
    .optional()
    .describe(
      "The token of the claim. Without it a claim that a failover lost may be taken for its successor",
    ),
  outcome,
});

export const settle = z.strictObject({ settlements: z.array(settlement).min(1).max(SETTLEMENTS_MAX) });

export const receipts = z.object({
  receipts: z
    .array(
      z.object({
        ...attempt,
        result: z.enum(SETTLE_RESULTS),
        why: z.string().describe("The result in one sentence"),
        status: fields.status.nullable(),
        version: z.int().nullable(),
      }),
    )
    .readonly(),
});

export type Claim = z.output<typeof claim>;
export type HeldJob = z.output<typeof heldJob>;
export type SettlementRequest = z.output<typeof settlement>;
export type HeartbeatAnswer = z.output<typeof heartbeatAnswer>;
export type Receipt = z.output<typeof receipts>["receipts"][number];
