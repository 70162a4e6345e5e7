import type { DoctorService } from "@lockstep/doctor";
import { LockstepError } from "lockstep/internal/errors";
import { isId } from "lockstep/internal/job";
import { z } from "zod";
import type { App } from "../app-type.js";
import { doctorPlan, doctorPlanPage, doctorRun } from "../wire/doctor.js";
import * as fields from "../wire/fields.js";

const REPAIRS_MAX = 1_000;
const tags = ["Doctor"];
const planPath = z.object({ id: z.string().describe("The plan's id") });

/** Creates, reads, applies and stops plans. */
export function doctorPlanRoutes(app: App, doctor: DoctorService): void {
  planRoute(app, doctor);
  readPlanRoute(app, doctor);
  applyRoute(app, doctor);
  stopRoute(app, doctor);
}

function planRoute(app: App, doctor: DoctorService): void {
  app.post(
    "/api/doctor/plans",
    {
      config: { role: "operate", problems: ["PLAN_BRAKED", "VIEW_UNREADABLE", "VIEW_MISMATCH"] },
      schema: {
        summary: "Check, and create a plan of the repairs",
        description: "Changes nothing. The plan can be used once, within an hour.",
        tags,
        response: { 201: doctorPlan },
      },
    },
    async (_request, reply) => {
      const { plan, path: _file, examples, ...result } = await doctor.plan();
      // The values that a write compares with are internal to the plan.
      const shown = examples.map(({ to: _to, marks: _marks, ...item }) => item);
      return reply.code(201).send({ id: plan, ...result, examples: shown });
    },
  );
}

function readPlanRoute(app: App, doctor: DoctorService): void {
  app.get(
    "/api/doctor/plans/:id",
    {
      config: { role: "read", problems: ["PLAN_NOT_FOUND", "PLAN_STALE"] },
      schema: {
        summary: "What a plan would change, and the progress of its apply",
        tags,
        params: planPath,
        querystring: z.strictObject({
          after: z.coerce.number().int().min(0).default(0),
          limit: fields.count({ min: 1, max: 1_000 }).default(100),
          pattern: fields.text(50).optional(),
        }),
        response: { 200: doctorPlanPage },
      },
    },
    async (request, reply) => {
      const id = requirePlanId(request.params.id);
      const { after, limit, pattern = null } = request.query;
      const { header, footer, items, next } = await doctor.readPlan(id, { after, limit, pattern });
      const { created_at, expires_at } = header;
      const { repairs, skipped } = footer;
      const shown = items.map(({ to: _to, marks: _marks, ...item }) => item);
      reply.header("cache-control", "no-store");
      return {
        ...{ id, created_at, expires_at, repairs, skipped, items: shown, next },
        applying: doctor.applying(id),
      };
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
        description: "Each only if nothing has changed since. An interrupted run continues.",
        tags,
        params: planPath,
        body: z.strictObject({
          max_repairs: z.int().min(1).max(100_000).default(REPAIRS_MAX),
          only: z.array(z.string()).max(20).nullable().default(null).describe("Only these patterns"),
          per_second: z.int().min(1).max(10_000).nullable().default(null).describe("Writes at most"),
          ids: z.array(z.string()).max(10_000).nullable().default(null).describe("Only these jobs"),
        }),
        response: { 200: doctorRun },
      },
    },
    async (request) => {
      const id = requirePlanId(request.params.id);
      const { max_repairs: repairsMax, per_second: perSecond, only, ids } = request.body;
      const { actor } = request;
      const { run, ...result } = await doctor.apply(id, { repairsMax, only, ids, perSecond, actor });
      request.log.info({ run, plan: id, actor: request.actor, ...result }, "the doctor applied a plan");
      return { id: run, ...result };
    },
  );
}

function stopRoute(app: App, doctor: DoctorService): void {
  app.post(
    "/api/doctor/plans/:id/stop",
    {
      config: { role: "operate", problems: ["PLAN_NOT_FOUND"] },
      schema: {
        summary: "Stop the apply of a plan",
        description:
          "Stops after the writes in progress. Applying the plan again continues where it stopped.",
        tags,
        params: planPath,
        response: { 200: z.object({ was_applying: z.boolean() }) },
      },
    },
    async (request) => ({ was_applying: doctor.stopApply(requirePlanId(request.params.id)) }),
  );
}

/** A plan is a file, so only a valid id may name one. */
function requirePlanId(id: string): string {
  if (!isId(id)) throw new LockstepError("PLAN_NOT_FOUND", "There is no such plan.");
  return id;
}
