import { ATTEMPT_OUTCOMES, LOG_LEVELS } from "lockstep/internal/job";
import type { Ledger } from "lockstep/internal/ledger";
import { z } from "zod";
import type { App } from "../app-type.js";
import { withPrograms } from "../explain-programs.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";
import { jobError, transition } from "../wire/job.js";
import { findJob, jobNotFound, jobPath, requireJobId } from "./find-job.js";

const LOG_LINES_MAX = 1_000;

const read = { source: fields.source, as_of: fields.asOf };

const attempt = z.object({
  attempt: z.int(),
  worker_id: z.string(),
  started_at: fields.at,
  ended_at: fields.at.nullable(),
  outcome: z.enum(ATTEMPT_OUTCOMES).nullable().describe("null while it runs"),
  error: jobError.nullable(),
});

const lateResult = z
  .object({ attempt: z.int(), worker_id: z.string(), outcome: z.unknown(), received_at: fields.at })
  .describe("The result an attempt delivered after it had lost the job");

const logLine = z.object({
  seq: z.int().describe("Pass the last one back as `after`"),
  attempt: z.int(),
  at: fields.at,
  level: z.enum(LOG_LEVELS),
  message: z.string(),
});

const explanation = z.object({
  job_id: fields.id,
  status: fields.status,
  version: z.int(),
  summary: z.string().describe("One sentence"),
  evidence: z.array(z.object({ name: z.string(), value: z.unknown() })).readonly(),
  ...read,
});

const config = { role: "read", problems: ["JOB_NOT_FOUND", "ARCHIVED"] } as const;
const readNow = async (ledger: Ledger) => ({ source: "ledger" as const, as_of: await ledger.clock.now() });

/** A job's recorded history. */
export function jobHistoryRoutes(app: App, context: ServerContext): void {
  changeRoutes(app, context);
  logRoutes(app, context);
}

function changeRoutes(app: App, { ledger }: ServerContext): void {
  app.get(
    "/api/jobs/:id/transitions",
    {
      config,
      schema: {
        summary: "Every change of a job's status",
        tags: ["History"],
        params: jobPath,
        response: { 200: z.object({ transitions: z.array(transition).readonly(), ...read }) },
      },
    },
    async (request) => {
      const id = requireJobId(request.params.id);
      const asked = await readNow(ledger);
      const transitions = await ledger.transitions(id);
      if (transitions.length === 0) throw jobNotFound(); // Every job has at least its first one.
      return { transitions, ...asked };
    },
  );

  app.get(
    "/api/jobs/:id/attempts",
    {
      config,
      schema: {
        summary: "Every grant of a job to a worker, and how it ended",
        tags: ["History"],
        params: jobPath,
        response: {
          200: z.object({
            attempts: z.array(attempt).readonly(),
            late_results: z.array(lateResult).readonly(),
            ...read,
          }),
        },
      },
    },
    async (request) => {
      const { id } = await findJob(ledger, request.params.id);
      const asked = await readNow(ledger);
      const [attempts, late_results] = await Promise.all([ledger.attempts(id), ledger.lateResults(id)]);
      return { attempts, late_results, ...asked };
    },
  );
}

function logRoutes(app: App, { ledger, kinds }: ServerContext): void {
  app.get(
    "/api/jobs/:id/logs",
    {
      config,
      schema: {
        summary: "What a job's handler logged",
        tags: ["History"],
        params: jobPath,
        querystring: z.strictObject({
          after: fields.count({ min: 0, max: Number.MAX_SAFE_INTEGER }).default(0),
          limit: fields.count({ min: 1, max: LOG_LINES_MAX }).default(LOG_LINES_MAX),
        }),
        response: { 200: z.object({ lines: z.array(logLine).readonly(), ...read }) },
      },
    },
    async (request) => {
      const { id } = await findJob(ledger, request.params.id);
      const asked = await readNow(ledger);
      return { lines: await ledger.logs(id, request.query), ...asked };
    },
  );

  app.get(
    "/api/jobs/:id/explain",
    {
      config,
      schema: {
        summary: "Why a job is in its status",
        tags: ["History"],
        params: jobPath,
        response: { 200: explanation },
      },
    },
    async (request) => {
      const explained = await ledger.explain(requireJobId(request.params.id));
      if (!explained) throw jobNotFound();
      return { ...(await withPrograms(explained, ledger, kinds)), source: "ledger" as const };
    },
  );
}
