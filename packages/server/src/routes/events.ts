import type { OutgoingHttpHeaders } from "node:http";
import type { FastifyReply } from "fastify";
import { LockstepError } from "lockstep/internal/errors";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { EventFilter } from "../events/index.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";
import { requireJobId } from "./find-job.js";

const JOBS_MAX = 100;
const KINDS_MAX = 20;
const POSITION = /^[\x21-\x7e]{1,4096}$/;

const eventQuery = z.strictObject({
  job: fields
    .listOf(z.string(), JOBS_MAX)
    .optional()
    .describe("Only these jobs; the current state of each comes first, as `event: job`"),
  kind: fields.listOf(fields.text(100), KINDS_MAX).optional(),
  status: fields.listOf(fields.status, 5).optional(),
  last_event_id: z
    .string()
    .optional()
    .describe("Same as the Last-Event-ID header, for clients that cannot send it"),
});

export function eventRoutes(app: App, { events, auth }: ServerContext): void {
  app.get(
    "/api/events",
    {
      exposeHeadRoute: false,
      config: { role: "read", problems: ["JOB_NOT_FOUND", "OVERLOADED"] },
      schema: {
        summary: "Every change of status, as it is committed",
        description:
          "Server-sent events. `transition`: one committed change; drop those whose (job_id, version) you have seen. `progress`: of the running jobs requested by id. `job`: the current state. `reset`: reload what you show, because changes may be missing before this point. Resume with `Last-Event-ID`: no version is skipped.",
        tags: ["Events"],
        querystring: eventQuery,
        produces: ["text/event-stream"],
        response: { 200: z.string().describe("A stream of events that does not end") },
      },
    },
    async (request, reply) => {
      const filter = toFilter(request.query);
      const lastEventId = request.headers["last-event-id"] ?? request.query.last_event_id;
      await events.open({
        response: reply.raw,
        filter,
        lastEventId: typeof lastEventId === "string" && lastEventId !== "" ? toPosition(lastEventId) : null,
        begin: () => beginStream(reply),
        isAllowed: () => isAllowed(auth.check(request, "read")),
      });
      return reply;
    },
  );
}

function beginStream(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.writeHead(200, {
    ...definedHeaders(reply),
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // A proxy that buffers responses would hold the events back.
    "x-accel-buffering": "no",
  });
}

function definedHeaders(reply: FastifyReply): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined));
}

function toFilter(query: z.output<typeof eventQuery>): EventFilter {
  const set = <Item>(items: readonly Item[] | undefined) => (items ? new Set(items) : null);
  return {
    jobs: set(query.job?.map((id) => requireJobId(id))),
    kinds: set(query.kind),
    statuses: set(query.status),
  };
}

/**
 * A text that cannot be one of this server's positions is unknown here, and must not get into the
 * stream.
 */
function toPosition(lastEventId: string): string {
  return POSITION.test(lastEventId) ? lastEventId : "unknown";
}

async function isAllowed(check: Promise<unknown>): Promise<boolean> {
  try {
    await check;
    return true;
  } catch (error) {
    if (error instanceof LockstepError && error.httpStatus < 500) return false;
    throw error;
  }
}
