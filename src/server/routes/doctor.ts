import { z } from "zod";
import type { DoctorService } from "../../doctor/index.js";
import { LockstepError } from "../../errors.js";
import { isId } from "../../job/index.js";
import type { App } from "../app-type.js";
import type { ServerParts } from "../parts.js";
import {
  doctorCheck,
  doctorPlan,
  doctorRun,
  doctorRunRecord,
  doctorUndo,
  doctorWrite,
} from "../wire/doctor.js";
import * as fields from "../wire/fields.js";

const REPAIRS_MAX = 1_000;
const tags = ["Doctor"];
const checkPath = z.object({ id: z.string().describe("The check's id") });
const planPath = z.object({ id: z.string().describe("The plan's id") });
const runPath = z.object({ id: z.string().describe("The run's id") });

/** The doctor over Lockstep's own stores: the ledger, and what Redis shows of it. */
export function doctorRoutes(app: App, { doctor }: ServerParts): void {
  if (!doctor) return;
  checkRoutes(app, doctor);
  planRoute(app, doctor);
  applyRoute(app, doctor);
  runRoutes(app, doctor);
  writesRoute(app, doctor);
}

function checkRoutes(app: App, doctor: DoctorService): void {
  app.post(
    "/api/doctor/checks",
    {
      config: { role: "operate" },
      schema: {
        summary: "Compare the ledger with what Redis shows of it",
        description: "Reads only. While a check is under way, a second call answers with that one.",
        tags,
        response: { 202: doctorCheck },
      },
    },
    async (_request, reply) => {
      const check = doctor.check();
      return reply.code(202).header("location", `/api/doctor/checks/${check.id}`).send(check);
    },
  );

  app.get(
    "/api/doctor/checks",
    {
      config: { role: "read" },
      schema: {
        summary: "The latest checks, newest first",
        tags,
        response: { 200: z.object({ checks: z.array(doctorCheck).readonly(), as_of: fields.asOf }) },
      },
    },
    async () => ({ checks: doctor.checks(), as_of: new Date().toISOString() }),
  );

  app.get(
    "/api/doctor/checks/:id",
    {
      config: { role: "read", problems: ["NOT_FOUND"] },
      schema: {
        summary: "How far a check is, or what it found",
        tags,
        params: checkPath,
        response: { 200: doctorCheck },
      },
    },
    async (request) => {
      const check = doctor.get(request.params.id);
      if (!check) throw new LockstepError("NOT_FOUND", "There is no such check, or it was long ago.");
      return check;
    },
  );
}

function planRoute(app: App, doctor: DoctorService): void {
  app.post(
    "/api/doctor/plans",
    {
      config: { role: "operate", problems: ["PLAN_BRAKED", "VIEW_UNREADABLE", "VIEW_MISMATCH"] },
      schema: {
        summary: "Check, and write down what would be repaired",
        description: "Changes nothing. The plan is good for one use within an hour.",
        tags,
        response: { 201: doctorPlan },
      },
    },
    async (_request, reply) => {
      const { plan, path: _file, examples, ...result } = await doctor.plan();
      // What a write compares with is the plan's own business.
      const shown = examples.map(({ to: _to, marks: _marks, ...item }) => item);
      return reply.code(201).send({ id: plan, ...result, examples: shown });
    },
  );
}

function applyRoute(app: App, doctor: DoctorService): void {
  app.post(
    "/api/doctor/plans/:id/apply",
    {
      config: {
        role: "operate",
        problems: ["PLAN_NOT_FOUND", "PLAN_STALE", "DOCTOR_BUSY", "VIEW_UNREADABLE"],
      },
      schema: {
        summary: "Make the repairs of a plan",
        description: "Each only if nothing has changed since. A run that was interrupted goes on.",
        tags,
        params: planPath,
        body: z.strictObject({
          max_repairs: z.int().min(1).max(100_000).default(REPAIRS_MAX),
          only: z.array(z.string()).max(20).nullable().default(null).describe("Only these patterns"),
          ids: z.array(z.string()).max(10_000).nullable().default(null).describe("Only these jobs"),
        }),
        response: { 200: doctorRun },
      },
    },
    async (request) => {
      const { id } = request.params;
      if (!isId(id)) throw new LockstepError("PLAN_NOT_FOUND", "There is no such plan.");
      const { max_repairs: repairsMax, only, ids } = request.body;
      const { actor } = request;
      const { run, ...result } = await doctor.apply(id, { repairsMax, only, ids, actor });
      request.log.info({ run, plan: id, actor: request.actor, ...result }, "the doctor applied a plan");
      return { id: run, ...result };
    },
  );
}

function writesRoute(app: App, doctor: DoctorService): void {
  app.get(
    "/api/doctor/writes",
    {
      config: { role: "read" },
      schema: {
        summary: "Each write to one of Lockstep's own stores, newest first",
        description:
          "Of every process: this server, the command line, the bridge to BullMQ. Kept for 90 days. `next` is for `before`.",
        tags,
        querystring: z.object({
          job: z.string().optional().describe("Only of this job"),
          before: z.string().max(18).optional().describe("Only older than this line"),
          limit: z.coerce.number().int().min(1).max(1_000).default(100),
        }),
        response: {
          200: z.object({
            writes: z.array(doctorWrite).readonly(),
            next: z.string().nullable(),
            as_of: fields.asOf,
          }),
        },
      },
    },
    async ({ query: { job: jobId = null, before = null, limit } }) => {
      const writes = await doctor.writes({ jobId, before, limit });
      const next = writes.length === limit ? (writes.at(-1)?.id ?? null) : null;
      return { writes, next, as_of: new Date().toISOString() };
    },
  );
}

function runRoutes(app: App, doctor: DoctorService): void {
  app.post(
    "/api/doctor/runs/:id/undo",
    {
      config: {
        role: "operate",
        problems: ["RUN_NOT_FOUND", "PLAN_STALE", "DOCTOR_BUSY", "VIEW_UNREADABLE"],
      },
      schema: {
        summary: "Put back what a run has changed",
        description:
          "Where nobody has changed it since; the rest is listed. Without `dry_run: false` it only looks.",
        tags,
        params: runPath,
        body: z.strictObject({ dry_run: z.boolean().default(true) }),
        response: { 200: doctorUndo },
      },
    },
    async (request) => {
      const { run, ...result } = await doctor.undo(request.params.id, {
        dryRun: request.body.dry_run,
        actor: request.actor,
      });
      request.log.info({ run, of: request.params.id, actor: request.actor }, "the doctor undid a run");
      return { id: run, ...result };
    },
  );

  app.get(
    "/api/doctor/runs",
    {
      config: { role: "read" },
      schema: {
        summary: "What was repaired and undone, newest first",
        tags,
        response: { 200: z.object({ runs: z.array(doctorRunRecord).readonly(), as_of: fields.asOf }) },
      },
    },
    async () => ({
      runs: (await doctor.history()).map(({ begin, end, written, changed, refused }) => ({
        id: begin.run,
        kind: begin.kind,
        of: begin.of,
        actor: begin.actor,
        started_at: begin.started_at,
        ended_at: end?.ended_at ?? null,
        written,
        changed,
        refused,
      })),
      as_of: new Date().toISOString(),
    }),
  );
}
