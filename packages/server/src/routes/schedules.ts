import { givenFields, recordedFields } from "lockstep/internal/job";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { KindsOfRequest } from "../kind-catalog/index.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";
import { newSchedule } from "../wire/new-job.js";
import { schedule, schedulePage } from "../wire/schedule.js";
import { assertValidInputs } from "./submit.js";

const BODY_BYTES_MAX = 4 * 1024 * 1024;
const LIST_MAX = 1_000;

const path = z.object({ name: z.string().describe("The schedule's name") });

type NewSchedule = z.output<typeof newSchedule>;

/** Jobs that are submitted repeatedly. */
export function scheduleRoutes(app: App, context: ServerContext): void {
  readRoutes(app, context);
  createRoute(app, context);
  changeRoutes(app, context);
}

function readRoutes(app: App, { schedules, ledger }: ServerContext): void {
  app.get(
    "/api/schedules",
    {
      config: { role: "read" },
      schema: {
        summary: "The schedules, by name",
        tags: ["Schedules"],
        querystring: z.strictObject({
          limit: fields.count({ min: 1, max: LIST_MAX }).default(LIST_MAX),
          cursor: fields.name.optional().describe("From the previous page's `next`"),
        }),
        response: { 200: schedulePage },
      },
    },
    async (request) => {
      const as_of = await ledger.clock.now();
      const { limit, cursor } = request.query;
      const page = await schedules.list({ limit, ...(cursor === undefined ? {} : { after: cursor }) });
      return { ...page, source: "ledger" as const, as_of };
    },
  );

  app.get(
    "/api/schedules/:name",
    {
      config: { role: "read", problems: ["SCHEDULE_NOT_FOUND"] },
      schema: { summary: "A schedule", tags: ["Schedules"], params: path, response: { 200: schedule } },
    },
    async (request) => await schedules.get(request.params.name),
  );
}

function createRoute(app: App, { schedules, kinds }: ServerContext): void {
  app.post(
    "/api/schedules",
    {
      bodyLimit: BODY_BYTES_MAX,
      config: { role: "operate", problems: ["INVALID_INPUT", "UNKNOWN_KIND", "SCHEDULE_EXISTS"] },
      schema: {
        summary: "Submit a job repeatedly",
        description:
          "At each time of its cron expression one job is submitted, once, however many servers run. With a `unique_key` none is submitted while the previous one is pending or running.",
        tags: ["Schedules"],
        body: newSchedule,
        response: { 201: schedule },
      },
    },
    async (request, reply) => {
      const ofRequest = kinds.ofRequest();
      await assertValidInputs(ofRequest, [request.body], () => "");
      const asked = await toSchedule(ofRequest, request.body);
      const made = await schedules.create({ ...asked, actor: request.actor });
      return reply.code(201).header("location", `/api/schedules/${made.name}`).send(made);
    },
  );
}

function changeRoutes(app: App, { schedules }: ServerContext): void {
  const config = { role: "operate", problems: ["SCHEDULE_NOT_FOUND"] } as const;
  app.delete(
    "/api/schedules/:name",
    {
      config,
      schema: {
        summary: "Remove a schedule",
        description: "The jobs it has submitted stay.",
        tags: ["Schedules"],
        params: path,
        response: { 204: z.undefined().describe("Removed") },
      },
    },
    async (request, reply) => {
      await schedules.remove(request.params.name);
      return reply.code(204).send();
    },
  );

  app.post(
    "/api/schedules/:name/pause",
    {
      config,
      schema: {
        summary: "Pause a schedule",
        tags: ["Schedules"],
        params: path,
        response: { 200: schedule },
      },
    },
    async (request) => await schedules.pause(request.params.name),
  );

  app.post(
    "/api/schedules/:name/resume",
    {
      config,
      schema: {
        summary: "Resume a schedule",
        description: "It continues with its next time; times during the pause are skipped.",
        tags: ["Schedules"],
        params: path,
        response: { 200: schedule },
      },
    },
    async (request) => await schedules.resume(request.params.name),
  );
}

/** The kind's own current defaults apply where the client set nothing. */
async function toSchedule(kinds: KindsOfRequest, asked: NewSchedule) {
  return { ...asked, ...recordedFields(givenFields(asked), await kinds.defaults(asked.kind)) };
}
