import { type ErrorCode, LockstepError } from "lockstep/internal/errors";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";

const JOBS_MAX = 500;
/** Concurrent changes for one request: other requests need the database too. */
const CHANGES_AT_ONCE = 8;

const answer = z.object({
  changed: z.array(fields.id).readonly(),
  refused: z.array(z.object({ id: fields.id, code: z.string() })).readonly(),
  as_of: fields.asOf,
});

/**
 * Makes the same change to many jobs. Each is its own transaction, so a job that cannot be changed
 * does not affect the others.
 */
export function changeJobsRoute(app: App, { ledger }: ServerContext): void {
  app.post(
    "/api/jobs/bulk",
    {
      config: { role: "operate", problems: [] },
      schema: {
        summary: "Cancel or retry up to 500 jobs",
        description:
          "The response says for each job whether it changed, and if not, the error code. A job whose status has changed meanwhile is rejected as in a single request.",
        tags: ["Jobs"],
        body: z.strictObject({
          action: z.enum(["cancel", "retry"]),
          ids: z.array(fields.id).min(1).max(JOBS_MAX),
        }),
        response: { 200: answer },
      },
    },
    async (request) => {
      const { action, ids } = request.body;
      const options = { actor: request.actor };
      const change = (id: string) =>
        action === "cancel" ? ledger.cancel(id, options) : ledger.requeue(id, options);
      const changed: string[] = [];
      const refused: { id: string; code: ErrorCode }[] = [];
      await inParallel([...new Set(ids)], async (id) => {
        const code = await refusal(change(id));
        if (code === null) changed.push(id);
        else refused.push({ id, code });
      });
      return { changed, refused, as_of: await ledger.clock.now() };
    },
  );
}

/**
 * @returns the error code with which a change was rejected, or null
 * @throws every other error, such as an outage
 */
async function refusal(changing: Promise<unknown>): Promise<ErrorCode | null> {
  try {
    await changing;
    return null;
  } catch (error) {
    if (error instanceof LockstepError && error.httpStatus < 500) return error.code;
    throw error;
  }
}

async function inParallel(ids: readonly string[], work: (id: string) => Promise<void>): Promise<void> {
  const left = ids.values();
  const changeNext = async () => {
    for (const id of left) await work(id);
  };
  await Promise.all(Array.from({ length: CHANGES_AT_ONCE }, changeNext));
}
