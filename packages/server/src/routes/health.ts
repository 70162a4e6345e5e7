import { DatabaseUnavailableError } from "lockstep/internal/errors";
import { z } from "zod";
import type { App } from "../app-type.js";
import { sendProblem } from "../error-handler.js";
import { countLiveWorkers } from "../live-workers.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";

const dependency = z.object({
  name: z.enum(["database", "redis"]),
  status: z.enum(["up", "down"]),
  since: fields.at.describe("When this process first saw this state"),
  latency_ms: z.number().nullable(),
});

const ready = z.object({
  status: z.enum(["ready", "degraded"]).describe("degraded: Redis is down; no job waits for it"),
  dependencies: z.array(dependency).readonly(),
  workers_live: z.int().nullable(),
  kinds: z
    .array(
      z.object({
        kind: z.string(),
        workers_live: z.int().nullable(),
        programs: z.array(z.object({ program: z.string(), debian_package: z.string() })).readonly(),
      }),
    )
    .readonly()
    .describe("For each kind, how many live workers offer it, and what a worker's machine needs for it"),
  version: z.string(),
  as_of: fields.asOf,
});

/** Public, so that a probe needs no key: it names no job. */
export function healthRoutes(app: App, { health, redisHealth, ledger, kinds, version }: ServerContext): void {
  app.get(
    "/health/live",
    {
      config: { role: "public" },
      schema: {
        summary: "Whether this process answers",
        tags: ["Health"],
        response: { 200: z.object({ status: z.literal("live"), version: z.string() }) },
      },
    },
    async () => ({ status: "live" as const, version }),
  );

  app.get(
    "/health/ready",
    {
      config: { role: "public", problems: ["DATABASE_UNAVAILABLE"] },
      schema: {
        summary: "Whether this process can do its work",
        description: "503 when the database is down: a problem document that has `dependencies` too.",
        tags: ["Health"],
        response: { 200: ready },
      },
    },
    async (request, reply) => {
      const database = { name: "database" as const, ...(await health.state()) };
      const redis = redisHealth === null ? [] : [{ name: "redis" as const, ...redisHealth.state() }];
      const state = { dependencies: [database, ...redis], version, as_of: ledger.clock.estimate() };
      reply.header("cache-control", "no-store");
      if (database.status === "down") {
        const error = new DatabaseUnavailableError("the database does not answer", null);
        return sendProblem(error, request, reply, { ...state, workers_live: null });
      }
      const status = redis.some((one) => one.status === "down") ? ("degraded" as const) : ("ready" as const);
      const live = await countLiveWorkers(ledger);
      const offered = kinds.own.map(({ kind, programs }) => ({
        kind,
        workers_live: live.ofKind(kind),
        programs,
      }));
      return { status, workers_live: live.total, kinds: offered, ...state };
    },
  );
}
