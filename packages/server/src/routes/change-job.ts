import type { FastifyRequest } from "fastify";
import type { ChangeOptions } from "lockstep/internal/ledger";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import { job } from "../wire/job.js";
import { jobPath, requireJobId } from "./find-job.js";
import { etag, expectedVersion } from "./version.js";

const description =
  'Send `If-Match: "<version>"` to change the job only if it still has this version; otherwise 412.';

export function changeJobRoutes(app: App, { ledger }: ServerContext): void {
  app.post(
    "/api/jobs/:id/cancel",
    {
      config: {
        role: "operate",
        problems: ["JOB_NOT_FOUND", "ALREADY_FINISHED", "VERSION_MISMATCH", "INVALID_REQUEST"],
      },
      schema: {
        summary: "Cancel a job",
        description: `A pending job is cancelled at once; a running one is asked to stop. ${description}`,
        tags: ["Jobs"],
        params: jobPath,
        response: { 200: job },
      },
    },
    async (request, reply) => {
      const changed = await ledger.cancel(requireJobId(request.params.id), optionsOf(request));
      reply.header("etag", etag(changed));
      return changed;
    },
  );

  app.post(
    "/api/jobs/:id/retry",
    {
      config: {
        role: "operate",
        problems: [
          "JOB_NOT_FOUND",
          "NOT_FINISHED",
          "VERSION_MISMATCH",
          "UNIQUE_KEY_TAKEN",
          "ARCHIVED",
          "INVALID_REQUEST",
        ],
      },
      schema: {
        summary: "Run a finished job again",
        description: `Starts a new run: failures are counted from 0, attempt numbers continue. ${description}`,
        tags: ["Jobs"],
        params: jobPath,
        response: { 200: job },
      },
    },
    async (request, reply) => {
      const changed = await ledger.requeue(requireJobId(request.params.id), optionsOf(request));
      reply.header("etag", etag(changed));
      return changed;
    },
  );
}

function optionsOf(request: FastifyRequest): ChangeOptions {
  const version = expectedVersion(request);
  return version === null ? { actor: request.actor } : { actor: request.actor, expectedVersion: version };
}
