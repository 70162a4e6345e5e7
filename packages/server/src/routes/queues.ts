import { LockstepError } from "lockstep/internal/errors";
import { NAME_PATTERN } from "lockstep/internal/job";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";
import { named } from "../wire/registry.js";

const queue = named(
  "Queue",
  z.object({
    queue: z.string(),
    paused_at: fields.at.nullable(),
    pending: z.int(),
    delayed: z.int(),
    running: z.int(),
    capped: z.boolean().describe("Whether a count was capped at 10,000"),
    oldest_ready_at: fields.at.nullable().describe("When the oldest claimable job became claimable"),
    workers: z.int().describe("Live workers that take this queue"),
  }),
);

export function queueRoutes(app: App, { ledger }: ServerContext): void {
  app.get(
    "/api/queues",
    {
      config: { role: "read" },
      schema: {
        summary: "The queues and their lengths",
        tags: ["Queues"],
        response: {
          200: z.object({ queues: z.array(queue).readonly(), source: fields.source, as_of: fields.asOf }),
        },
      },
    },
    async () => {
      const as_of = await ledger.clock.now();
      return { queues: await ledger.queues(), source: "ledger" as const, as_of };
    },
  );

  for (const [verb, paused] of [
    ["pause", true],
    ["resume", false],
  ] as const) {
    app.post(
      `/api/queues/:queue/${verb}`,
      {
        config: { role: "operate", problems: ["QUEUE_NOT_FOUND"] },
        schema: {
          summary: paused ? "Stop granting a queue's jobs" : "Grant a queue's jobs again",
          description: paused
            ? "Running jobs continue; jobs can still be submitted."
            : "Jobs that waited meanwhile are granted in order.",
          tags: ["Queues"],
          params: z.object({ queue: z.string() }),
          response: { 200: queue },
        },
      },
      async (request) => await ledger.setPaused(requireQueueName(request.params.queue), paused),
    );
  }
}

function requireQueueName(name: string): string {
  if (!NAME_PATTERN.test(name))
    throw new LockstepError("QUEUE_NOT_FOUND", "There is no queue with this name.");
  return name;
}
