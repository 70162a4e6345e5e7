import { keySchema, LIMIT_COUNT_MAX, LIMIT_SCOPES, RATE_MS_MAX, RATE_MS_MIN } from "lockstep/internal/job";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";
import { named } from "../wire/registry.js";

const limitFields = {
  concurrency: z
    .int()
    .min(1)
    .max(LIMIT_COUNT_MAX)
    .nullable()
    .default(null)
    .describe("How many jobs run at once. null: no limit"),
  rate: z
    .strictObject({
      count: z.int().min(1).max(LIMIT_COUNT_MAX),
      per_ms: z.int().min(RATE_MS_MIN).max(RATE_MS_MAX),
    })
    .nullable()
    .default(null)
    .describe("At most `count` attempts start in any period of `per_ms`. null: no limit"),
};

const limit = z.object({
  concurrency: z.int().nullable(),
  rate: z.object({ count: z.int(), per_ms: z.int() }).nullable(),
});

const queueLimits = named(
  "QueueLimits",
  z.object({
    queue: z.string(),
    limit: limit.nullable().describe("For all jobs of the queue together"),
    each_key: limit.nullable().describe("Of each limit key without its own limit"),
    keys: z.array(limit.extend({ key: z.string() })).readonly(),
  }),
);

const setLimit = named(
  "SetLimit",
  z.strictObject({
    scope: z
      .enum(LIMIT_SCOPES)
      .default("queue")
      .describe("All jobs of the queue, those of each limit key, or those of one limit key"),
    key: keySchema.optional().describe("With the scope `key`"),
    ...limitFields,
  }),
);

const path = z.object({ queue: fields.name });

/** How many jobs of a queue may run at once, and start in a period. */
export function limitRoutes(app: App, { ledger }: ServerContext): void {
  app.get(
    "/api/queues/:queue/limits",
    {
      config: { role: "read" },
      schema: {
        summary: "The limits of a queue",
        tags: ["Queues"],
        params: path,
        response: { 200: queueLimits },
      },
    },
    async (request) => await ledger.limits(request.params.queue),
  );

  app.put(
    "/api/queues/:queue/limits",
    {
      config: { role: "operate", problems: ["INVALID_INPUT"] },
      schema: {
        summary: "Set or remove one limit of a queue",
        description:
          "It applies to every claim that begins after the response, in every process; running jobs continue. Without `concurrency` and `rate` the limit is removed.",
        tags: ["Queues"],
        params: path,
        body: setLimit,
        response: { 200: queueLimits },
      },
    },
    async (request) => {
      const { key, ...asked } = request.body;
      return await ledger.setLimit(request.params.queue, { ...asked, ...(key === undefined ? {} : { key }) });
    },
  );
}
