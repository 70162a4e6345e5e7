import { STATUSES } from "lockstep/internal/job";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";

const counts = z.object(
  Object.fromEntries(STATUSES.map((status) => [status, z.int()])) as Record<
    (typeof STATUSES)[number],
    z.ZodInt
  >,
);

const stats = z.object({
  counts: counts.describe("Jobs by status; 10,000 stands for 10,000 or more when `capped` names the status"),
  capped: z.array(fields.status).readonly(),
  delayed: z.int(),
  oldest_ready_at: fields.at.nullable(),
  workers_live: z.int(),
  throughput: z
    .array(z.object({ minute: fields.at, completed: z.int(), failed: z.int(), cancelled: z.int() }))
    .readonly()
    .describe("Jobs that ended in each of the last 60 minutes, oldest first"),
  latest_failures: z
    .array(
      z.object({
        message: z.string(),
        kind: z.string(),
        count: z.int(),
        last_job_id: fields.id,
        last_at: fields.at,
      }),
    )
    .readonly(),
  source: fields.source,
  as_of: fields.asOf,
});

const seconds = z.array(z.number()).readonly().describe("Seconds at the 50th, 95th and 99th percentile");

const latencies = z
  .array(z.object({ minute: fields.at, n: z.int(), wait: seconds, run: seconds }))
  .readonly()
  .describe("The minutes of the last hour in which jobs ended, oldest first");

export function statsRoutes(app: App, { ledger }: ServerContext): void {
  app.get(
    "/api/stats",
    {
      config: { role: "read" },
      schema: { summary: "The whole system in numbers", tags: ["About"], response: { 200: stats } },
    },
    async () => ({ ...(await ledger.stats()), source: "ledger" as const }),
  );

  app.get(
    "/api/stats/latencies",
    {
      config: { role: "read" },
      schema: {
        summary: "How long jobs waited and ran, minute by minute",
        tags: ["About"],
        response: { 200: z.object({ minutes: latencies, source: fields.source, as_of: fields.asOf }) },
      },
    },
    async () => {
      const as_of = await ledger.clock.now();
      return { minutes: await ledger.latencies(), source: "ledger" as const, as_of };
    },
  );
}
