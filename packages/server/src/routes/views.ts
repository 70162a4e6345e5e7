import { z } from "zod";
import type { App } from "../app-type.js";
import { readViews } from "../job-views.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";
import { jobPath, requireJobId } from "./find-job.js";

const view = z.object({
  name: z.enum(["ledger", "redis", "bullmq"]),
  state: z.enum(["value", "unknown"]).describe("unknown: it could not be read, or does not have this job"),
  status: fields.status.nullable(),
  word: z
    .string()
    .nullable()
    .describe("The place's own word for the status, if it has one: BullMQ's `active`"),
  version: z.int().nullable().describe("null also for BullMQ, which has no versions"),
  why: z.string().nullable().describe("Why it is unknown"),
  as_of: fields.asOf,
});

const views = z.object({
  job_id: fields.id,
  views: z.array(view).readonly(),
  agree: z.boolean().nullable().describe("null: fewer than two views could be read, so it is unknown"),
  disagree_since: fields.at
    .nullable()
    .describe("When the ledger made the first transition that another view does not show; null: unknown"),
  as_of: fields.asOf,
});

/** Every place of this server that shows a job's status, side by side. */
export function viewsRoute(app: App, context: ServerContext): void {
  app.get(
    "/api/jobs/:id/views",
    {
      config: { role: "read", problems: ["JOB_NOT_FOUND"] },
      schema: {
        summary: "A job's status in every place that shows it",
        description:
          "The ledger is the record; Redis has a copy, and BullMQ has an entry when a bridge copies the job's queue there. Both may be slightly late. `agree` compares those that could be read.",
        tags: ["History"],
        params: jobPath,
        response: { 200: views },
      },
    },
    async (request) => {
      const id = requireJobId(request.params.id);
      const read = await readViews(context, id);
      return { job_id: id, ...read, as_of: await context.ledger.clock.now() };
    },
  );
}
