import { z } from "zod";
import * as fields from "./fields.js";
import { named } from "./registry.js";

const count = z.int().nonnegative();

const patternSummary = z.object({
  pattern: z.string(),
  jobs: count,
  live: count,
  oldest: z.object({ id: z.string(), since: fields.at }).nullable(),
  examples: z.array(z.string()).readonly(),
  causes: z
    .array(
      z.object({
        code: z.string(),
        sentence: z.string(),
        jobs: count,
        example: z.object({ id: z.string(), evidence: z.string() }),
      }),
    )
    .readonly(),
  what: z.string(),
  users_see: z.string(),
  cost: z.string(),
  next: z.string(),
});

const safetyStop = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("too-many"), drift: count, compared: count }),
  z.object({ kind: z.literal("swapped"), view: z.string(), words: z.array(z.string()).readonly() }),
]);

const checkSummary = named(
  "DoctorCheckSummary",
  z.object({
    started_at: fields.at,
    seconds: z.number(),
    record: z.string().describe("The view that should be right"),
    views: z
      .array(z.object({ view: z.string(), type: z.string(), count_estimate: count.nullable() }))
      .readonly(),
    notes: z.array(z.string()).readonly(),
    compared: count,
    agreeing: count,
    drifting: count,
    settling: count.describe("Jobs that changed while they were compared"),
    patterns: z.array(patternSummary).readonly(),
    unmapped: z.array(z.object({ view: z.string(), word: z.string(), jobs: count })).readonly(),
    unmapped_jobs: count,
    unreadable: z.array(z.object({ view: z.string(), id: z.string(), why: z.string() })).readonly(),
    unreadable_jobs: count,
    unknown_jobs: count,
    brakes: z.array(safetyStop).readonly().describe("Safety stops: reasons to doubt the mapping"),
    interrupted: z.string().nullable().describe("Why not everything could be read; null: it was"),
    verdict: z.enum(["clean", "drift", "unknown"]),
  }),
);

const repair = z.enum(["settle", "remove", "enqueue", "refresh"]);

const action = z
  .enum([...repair.options, "none"])
  .describe("What a plan would do; none: a person has to decide");

export const doctorCheck = named(
  "DoctorCheck",
  z.object({
    id: fields.id,
    status: z.enum(["running", "done", "failed"]),
    started_at: fields.at,
    progress: z.object({ done: count, total: count.nullable(), drifting: count, open: count }).nullable(),
    summary: checkSummary.nullable().describe("null until it is done"),
    cells: z
      .array(z.object({ pattern: z.string(), action, jobs: count }))
      .readonly()
      .describe("The findings, by pattern and by what a plan would do"),
    error: z.string().nullable(),
  }),
);

export const doctorFinding = named(
  "DoctorFinding",
  z.object({
    id: z.string(),
    pattern: z.string(),
    view: z.string().describe("The view that differs from the record"),
    action,
    why: z.string().nullable().describe("Why a plan would do nothing; null: it would act"),
    is_live: z.boolean().describe("A worker is running it right now, so it is never repaired"),
    since: fields.at.nullable(),
    cause: z.string(),
    views: z
      .array(
        z.object({
          view: z.string(),
          state: z.enum(["value", "absent", "unknown"]),
          word: z.string().nullable(),
          status: fields.status.nullable(),
        }),
      )
      .readonly(),
  }),
);

const planItem = z.object({
  id: z.string(),
  pattern: z.string(),
  view: z.string().describe("The view that would be changed"),
  action: repair,
  changes: z
    .array(
      z.object({
        field: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        source: z.string(),
      }),
    )
    .readonly(),
});

const planSkip = z.object({ id: z.string(), pattern: z.string(), why: z.string() });

export const doctorPlan = named(
  "DoctorPlan",
  z.object({
    id: z.string().nullable().describe("null: there is nothing to repair"),
    expires_at: fields.at.nullable(),
    repairs: count,
    skipped: count,
    by_pattern: z.record(z.string(), z.object({ repairs: count, skipped: count })),
    examples: z.array(planItem).readonly().describe("The first repairs, each with its changes"),
    skip_examples: z
      .array(planSkip)
      .readonly()
      .describe("The first jobs that need a person's decision, and why"),
    check: checkSummary,
  }),
);

export const doctorPlanPage = named(
  "DoctorPlanPage",
  z.object({
    id: z.string(),
    created_at: fields.at,
    expires_at: fields.at,
    repairs: count,
    skipped: count,
    items: z.array(planItem).readonly(),
    next: count.nullable().describe("Value of `after` for the next page; null: no more"),
    applying: z
      .object({ written: count, changed: count, refused: count })
      .nullable()
      .describe("Progress of its apply; null: it is not being applied"),
  }),
);

export const doctorRun = named(
  "DoctorRun",
  z.object({
    id: z.string(),
    reason: z.enum(["done", "limit", "stopped"]),
    written: count,
    changed: count.describe("Skipped, because they have changed since the plan"),
    refused: count,
    resumed: z.boolean().describe("It continued an interrupted run of this plan"),
  }),
);

export const doctorUndo = z.object({
  id: z.string().nullable().describe("The run of the undo; null: nothing was written"),
  undone: count,
  left: z.array(z.object({ id: z.string(), view: z.string(), why: z.string() })).readonly(),
});

export const doctorWrite = named(
  "DoctorWrite",
  z.object({
    id: z.string(),
    at: fields.at,
    actor: z.string().describe("Who requested it; `doctor`: the server by itself; `bullmq`: the bridge"),
    run: z.string().nullable().describe("null: there was no plan"),
    view: z.string(),
    job_id: fields.id,
    action: z.string(),
    outcome: z.string().nullable().describe("null: it is unknown whether it was made"),
  }),
);

export const doctorRunRecord = z.object({
  id: z.string(),
  kind: z.enum(["apply", "undo"]),
  of: z.string().describe("The plan that was applied, or the run that was undone"),
  actor: z.string(),
  started_at: fields.at,
  ended_at: fields.at.nullable(),
  reason: z
    .enum(["done", "limit", "stopped"])
    .nullable()
    .describe("How it ended; null: it is running, or was interrupted"),
  written: count,
  changed: count,
  refused: count,
});
