import { CATCH_UPS } from "lockstep/internal/job";
import { z } from "zod";
import * as fields from "./fields.js";
import { named } from "./registry.js";

export const schedule = named(
  "Schedule",
  z.object({
    name: z.string(),
    kind: z.string(),
    queue: z.string(),
    input: z.unknown(),
    priority: z.int(),
    max_attempts: z.int(),
    timeout_ms: z.int().nullable(),
    unique_key: z.string().nullable(),
    limit_key: z.string().nullable(),
    tags: z.array(z.string()).readonly(),
    cron: z.string(),
    timezone: z.string(),
    catch_up: z.enum(CATCH_UPS),
    next_at: fields.at.nullable().describe("When it submits next, unless it is paused; null: never again"),
    last_at: fields.at.nullable().describe("The last time it submitted for"),
    last_job_id: z.string().nullable(),
    paused_at: fields.at.nullable(),
    actor: z.string().describe("Who created it"),
    created_at: fields.at,
    updated_at: fields.at,
  }),
);

export const schedulePage = z.object({
  schedules: z.array(schedule).readonly(),
  next: z.string().nullable().describe("The cursor of the next page; null on the last"),
  source: fields.source,
  as_of: fields.asOf,
});
