import { newId } from "lockstep/internal/job";
import { withVersionHash } from "lockstep/internal/ledger";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import * as wire from "../wire/worker.js";
import { claimJobs } from "../worker-protocol/claim.js";
import { heartbeat } from "../worker-protocol/heartbeat.js";
import { isOwnWorker, requireOwnWorker, requireWorkerId } from "../worker-protocol/own-worker.js";
import { settle } from "../worker-protocol/settle.js";

const SETTLE_BODY_BYTES_MAX = 32 * 1024 * 1024;
const HEARTBEATS_A_LEASE = 3;

const workerPath = z.object({ id: z.string().describe("The worker's id") });

const work = { role: "work", problems: ["WORKER_NOT_FOUND", "WORKER_OF_ANOTHER_KEY"] } as const;

/** The workers, and the protocol by which a program in any language becomes one. */
export function workerRoutes(app: App, context: ServerContext): void {
  registrationRoutes(app, context);
  claimRoute(app, context);
  reportRoutes(app, context);
}

function registrationRoutes(app: App, { ledger, kinds, leaseSeconds }: ServerContext): void {
  app.get(
    "/api/workers",
    {
      config: { role: "read" },
      schema: { summary: "The registered workers", tags: ["Workers"], response: { 200: wire.workerList } },
    },
    async () => {
      const as_of = await ledger.clock.now();
      return { workers: await ledger.workers(), source: "ledger" as const, as_of };
    },
  );

  app.post(
    "/api/workers",
    {
      config: { role: "work" },
      schema: {
        summary: "Register a worker",
        description:
          "One registration per process; a restarted process registers again. Send a heartbeat every `heartbeat_seconds`: after `lease_seconds` of silence the worker is lost and its jobs are given to other workers. With `definitions` the worker records its kinds, as they are now, for everybody who submits.",
        tags: ["Worker protocol"],
        body: wire.registration,
        response: { 201: wire.registered },
      },
    },
    async (request, reply) => {
      const id = newId();
      const key_id = request.caller.key?.id ?? null;
      const { definitions, ...worker } = request.body;
      await ledger.kinds.record(definitions.map(withVersionHash));
      await ledger.register({ ...worker, id, embedded: false, key_id });
      if (definitions.length > 0) kinds.forget();
      reply.code(201).header("location", `/api/workers/${id}`);
      return { id, lease_seconds: leaseSeconds, heartbeat_seconds: leaseSeconds / HEARTBEATS_A_LEASE };
    },
  );

  app.delete(
    "/api/workers/:id",
    {
      config: work,
      schema: {
        summary: "Deregister a worker",
        description: "Jobs it still holds are given to other workers.",
        tags: ["Worker protocol"],
        params: workerPath,
        response: { 204: z.undefined().describe("Deregistered") },
      },
    },
    async (request, reply) => {
      const id = requireWorkerId(request.params.id);
      if (await isOwnWorker(ledger, id, request.caller)) await ledger.deregister(id);
      return reply.code(204).send();
    },
  );
}

function claimRoute(app: App, context: ServerContext): void {
  app.post(
    "/api/workers/:id/claim",
    {
      config: { ...work, problems: [...work.problems, "OVERLOADED"] },
      schema: {
        summary: "Claim jobs to run",
        description:
          "Waits up to `wait` seconds for the first job. Request only as many as can run at once: a claimed job is running.",
        tags: ["Worker protocol"],
        params: workerPath,
        body: wire.claim,
        response: { 200: wire.claimed },
      },
    },
    async (request, reply) => {
      const id = await requireOwnWorker(context.ledger, request.params.id, request.caller);
      return { jobs: await claimJobs(context, id, request.body, reply.raw) };
    },
  );
}

function reportRoutes(app: App, context: ServerContext): void {
  app.post(
    "/api/workers/:id/heartbeat",
    {
      config: work,
      schema: {
        summary: "Send a worker's heartbeat, with its jobs and their progress",
        description:
          "Name every job that the worker holds. A granted job that it does not name counts as lost, and is given to other workers. The response says for each job whether it must stop.",
        tags: ["Worker protocol"],
        params: workerPath,
        body: wire.heartbeat,
        response: { 200: wire.heartbeatAnswer },
      },
    },
    async (request) => {
      const id = await requireOwnWorker(context.ledger, request.params.id, request.caller);
      return await heartbeat(context, id, request.body.held);
    },
  );

  app.post(
    "/api/workers/:id/settle",
    {
      bodyLimit: SETTLE_BODY_BYTES_MAX,
      config: { ...work, keepsJsonIssues: true },
      schema: {
        summary: "Commit the outcomes of attempts",
        description:
          "The response has the result of each. If the response was lost, send the request again: the second call says `already`. A result that cannot be stored fails only its own job.",
        tags: ["Worker protocol"],
        params: workerPath,
        body: wire.settle,
        response: { 200: wire.receipts },
      },
    },
    async (request) => {
      const id = await requireOwnWorker(context.ledger, request.params.id, request.caller);
      return { receipts: await settle(context, id, request.body.settlements, request.jsonIssues) };
    },
  );
}
