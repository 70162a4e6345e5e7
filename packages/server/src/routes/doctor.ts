import type { DoctorService } from "@lockstep/doctor";
import { LockstepError } from "lockstep/internal/errors";
import type { Ledger } from "lockstep/internal/ledger";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import { doctorCheck, doctorFinding, doctorRunRecord, doctorUndo, doctorWrite } from "../wire/doctor.js";
import * as fields from "../wire/fields.js";
import { doctorPlanRoutes } from "./doctor-plans.js";

const tags = ["Doctor"];
const checkPath = z.object({ id: z.string().describe("The check's id") });
const runPath = z.object({ id: z.string().describe("The run's id") });

/** The doctor for Lockstep's own stores: the ledger, and its projection in Redis. */
export function doctorRoutes(app: App, { doctor, ledger }: ServerContext): void {
  if (!doctor) return;
  checkRoutes(app, doctor, ledger);
  findingsRoute(app, doctor, ledger);
  doctorPlanRoutes(app, doctor);
  runRoutes(app, doctor, ledger);
  writesRoute(app, doctor, ledger);
}

function checkRoutes(app: App, doctor: DoctorService, ledger: Ledger): void {
  app.post(
    "/api/doctor/checks",
    {
      config: { role: "operate" },
      schema: {
        summary: "Compare the ledger with its projection in Redis",
        description: "Reads only. While a check is running, a second call returns that one.",
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
        querystring: z.strictObject({ limit: fields.count({ min: 1, max: 50 }).default(50) }),
        response: { 200: z.object({ checks: z.array(doctorCheck).readonly(), as_of: fields.asOf }) },
      },
    },
    async (request) => ({
      checks: doctor.checks().slice(0, request.query.limit),
      as_of: await ledger.clock.now(),
    }),
  );

  app.get(
    "/api/doctor/checks/:id",
    {
      config: { role: "read", problems: ["NOT_FOUND"] },
      schema: {
        summary: "The progress of a check, or its result",
        tags,
        params: checkPath,
        response: { 200: doctorCheck },
      },
    },
    async (request) => {
      const check = doctor.get(request.params.id);
      if (!check) throw new LockstepError("NOT_FOUND", "There is no such check, or it is too old.");
      return check;
    },
  );
}

function findingsRoute(app: App, doctor: DoctorService, ledger: Ledger): void {
  app.get(
    "/api/doctor/checks/:id/findings",
    {
      config: { role: "read", problems: ["NOT_FOUND"] },
      schema: {
        summary: "The jobs that the latest check found in drift",
        description: "At most 200 of each pattern and action; the check's `cells` count all of them.",
        tags,
        params: checkPath,
        querystring: z.strictObject({
          pattern: fields.text(50).optional(),
          action: fields.text(20).optional(),
        }),
        response: { 200: z.object({ findings: z.array(doctorFinding).readonly(), as_of: fields.asOf }) },
      },
    },
    async (request) => {
      const { pattern = null, action = null } = request.query;
      const findings = doctor.found(request.params.id, { pattern, action });
      if (!findings) throw new LockstepError("NOT_FOUND", "Only the latest check still has its list.");
      return { findings, as_of: await ledger.clock.now() };
    },
  );
}

function writesRoute(app: App, doctor: DoctorService, ledger: Ledger): void {
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
          job: z.string().optional().describe("Only writes of this job"),
          before: z.string().max(18).optional().describe("Only entries older than this"),
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
      return { writes, next, as_of: await ledger.clock.now() };
    },
  );
}

function runRoutes(app: App, doctor: DoctorService, ledger: Ledger): void {
  app.post(
    "/api/doctor/runs/:id/undo",
    {
      config: {
        role: "operate",
        problems: ["RUN_NOT_FOUND", "PLAN_STALE", "DOCTOR_BUSY", "VIEW_UNREADABLE"],
      },
      schema: {
        summary: "Undo the changes of a run",
        description:
          "Only where nothing has changed since; the rest is listed. With `dry_run: true` nothing is written.",
        tags,
        params: runPath,
        body: z.strictObject({ dry_run: z.boolean().default(false) }),
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
        reason: end?.reason ?? null,
        written,
        changed,
        refused,
      })),
      as_of: await ledger.clock.now(),
    }),
  );
}
