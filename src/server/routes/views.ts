import { z } from "zod";
import { DatabaseUnavailableError } from "../../errors.js";
import type { App } from "../app-type.js";
import type { ServerParts } from "../parts.js";
import * as fields from "../wire/fields.js";
import { findJob, jobPath, requireJobId } from "./find-job.js";

const view = z.object({
  name: z.enum(["ledger", "redis"]),
  state: z.enum(["value", "unknown"]).describe("unknown: it could not be read, or does not hold this job"),
  status: fields.status.nullable(),
  version: z.int().nullable(),
  as_of: fields.asOf,
});

const views = z.object({
  job_id: fields.id,
  views: z.array(view).readonly(),
  agree: z.boolean().nullable().describe("null: fewer than two views could be read, so nobody can tell"),
  as_of: fields.asOf,
});

type View = z.output<typeof view>;

/** Every place of this server that shows a job's status, side by side. */
export function viewsRoute(app: App, { ledger, cache }: ServerParts): void {
  app.get(
    "/api/jobs/:id/views",
    {
      config: { role: "read", problems: ["JOB_NOT_FOUND"] },
      schema: {
        summary: "A job's status in every place that shows it",
        description:
          "The ledger is the record; Redis holds a copy, which may be late by moments. `agree` compares those that could be read.",
        tags: ["History"],
        params: jobPath,
        response: { 200: views },
      },
    },
    async (request) => {
      const id = requireJobId(request.params.id);
      const [record, copy] = await Promise.all([
        viewOf("ledger", () => orNull(findJob(ledger, id))),
        cache ? viewOf("redis", async () => hitOrNull(await cache.get(id))) : null,
      ]);
      const all = copy ? [record, copy] : [record];
      return { job_id: id, views: all, agree: agree(all), as_of: new Date().toISOString() };
    },
  );
}

interface Seen {
  readonly status: View["status"];
  readonly version: number;
  readonly as_of: string;
}

async function viewOf(name: View["name"], read: () => Promise<Seen | null>): Promise<View> {
  const seen = await read();
  if (!seen) return { name, state: "unknown", status: null, version: null, as_of: new Date().toISOString() };
  const { status, version, as_of } = seen;
  return { name, state: "value", status, version, as_of };
}

function hitOrNull(answer: { state: "hit"; job: Seen } | { state: "unknown" }): Seen | null {
  return answer.state === "hit" ? answer.job : null;
}

/** That the ledger cannot be read is an answer here; that it has no such job is not. */
async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) return null;
    throw error;
  }
}

function agree(views: readonly View[]): boolean | null {
  const read = views.filter(({ state }) => state === "value");
  const [first] = read;
  if (!first || read.length < 2) return null;
  return read.every(({ status, version }) => status === first.status && version === first.version);
}
