import type { Readable } from "node:stream";
import type { FastifyPluginAsync } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { FencedError } from "lockstep/internal/errors";
import { INTEGER_MAX } from "lockstep/internal/job";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";
import { requireOwnWorker } from "../worker-protocol/own-worker.js";
import { artifact } from "./artifacts.js";
import { requireJobId } from "./find-job.js";

/**
 * How a worker on another machine writes files: bytes of any type, streamed to the store as they
 * arrive.
 */
export async function workerFileRoutes(app: App, context: ServerContext): Promise<void> {
  const inOwnScope: FastifyPluginAsync = async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", async (_request: unknown, payload: Readable) => payload);
    addUpload(scope.withTypeProvider<ZodTypeProvider>(), context);
  };
  await app.register(inOwnScope);
}

function addUpload(app: App, { ledger, files }: ServerContext): void {
  app.put(
    "/api/workers/:id/jobs/:job_id/artifacts/:name",
    {
      config: {
        role: "work",
        problems: [
          "WORKER_NOT_FOUND",
          "WORKER_OF_ANOTHER_KEY",
          "JOB_NOT_FOUND",
          "FENCED",
          "INVALID_INPUT",
          "BODY_TOO_LARGE",
          "INVALID_REQUEST",
          "STORE_UNAVAILABLE",
        ],
      },
      schema: {
        summary: "Store a file of a job that the worker holds",
        description:
          "The body is the file's bytes. 409 FENCED: the attempt no longer belongs to this worker. Files of an attempt are visible when it is the job's latest.",
        tags: ["Worker protocol"],
        params: z.object({ id: z.string(), job_id: z.string(), name: z.string() }),
        querystring: z.strictObject({ attempt: fields.count({ min: 1, max: INTEGER_MAX }) }),
        response: { 201: artifact },
      },
    },
    async (request, reply) => {
      const { id, name } = request.params;
      const { attempt } = request.query;
      const worker = await requireOwnWorker(ledger, id, request.caller);
      const held = { worker, job: requireJobId(request.params.job_id), attempt };
      await requireHeld(ledger, held);
      const content = (request.body as Readable | undefined) ?? "";
      const info = await files.writeArtifact({ job_id: held.job, attempt, name, content });
      // The attempt may have been taken away while the bytes arrived: then nobody will read them,
      // and the worker should know.
      await requireHeld(ledger, held);
      return reply.code(201).send(info);
    },
  );
}

interface Held {
  readonly worker: string;
  readonly job: string;
  readonly attempt: number;
}

async function requireHeld(ledger: ServerContext["ledger"], { worker, job, attempt }: Held): Promise<void> {
  const jobs = await ledger.heldBy(worker);
  if (!jobs.some((each) => each.id === job && each.attempt === attempt))
    throw new FencedError(`Attempt ${attempt} of the job does not belong to this worker.`);
}
