import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";

/** Needs a key like any other read: names of queues and kinds reveal what a system is for. */
export function metricsRoute(app: App, { metrics }: ServerContext): void {
  if (!metrics) return;
  app.get(
    "/metrics",
    {
      config: { role: "read" },
      schema: {
        summary: "Metrics in the text format of Prometheus",
        tags: ["Health"],
        produces: ["text/plain"],
        response: { 200: z.string().describe("One line per sample") },
      },
    },
    async (_request, reply) =>
      reply
        .type(metrics.contentType)
        .header("cache-control", "no-store")
        .serializer(String)
        .send(await metrics.text()),
  );
}
