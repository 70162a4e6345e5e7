import type { JobFilter } from "lockstep/internal/job";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";
import { jobPage } from "../wire/job.js";

const PAGE_JOBS_MAX = 1_000;

const listQuery = z.strictObject({
  status: fields.listOf(fields.status, 5).optional().describe("May be repeated, or a comma-separated list"),
  kind: fields.text(100).optional(),
  queue: fields.text(100).optional(),
  tag: fields.text(100).optional(),
  batch: fields.id.optional().describe("The id of a batch"),
  q: fields.text(200).optional().describe("An id, or a part of the kind, queue or unique key"),
  created_after: fields.time.optional(),
  created_before: fields.time.optional(),
  limit: fields.count({ min: 1, max: PAGE_JOBS_MAX }).default(100),
  count: z
    .enum(["true", "false"])
    .transform((word) => word === "true")
    .optional()
    .describe("Also return how many jobs match, from the same read"),
  cursor: fields.text(1_000).optional().describe("`next` of the previous page"),
});

export function listJobsRoute(app: App, { ledger }: ServerContext): void {
  app.get(
    "/api/jobs",
    {
      config: { role: "read" },
      schema: {
        summary: "Jobs, newest first",
        tags: ["Jobs"],
        querystring: listQuery,
        response: { 200: jobPage },
      },
    },
    async (request) => {
      const given = Object.entries(request.query).filter(([, value]) => value !== undefined);
      const page = await ledger.list(Object.fromEntries(given) as JobFilter);
      return { ...page, source: "ledger" as const };
    },
  );
}
