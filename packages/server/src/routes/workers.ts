import { LockstepError } from "lockstep/internal/errors";
import { isId, newId } from "lockstep/internal/job";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import * as wire from "../wire/worker.js";
import { claimJobs } from "../worker-protocol/claim.js";
import { heartbeat } from "../worker-protocol/heartbeat.js";
import { settle } from "../worker-protocol/settle.js";

const SETTLE_BODY_BYTES_MAX = 32 * 1024 * 1024;
const HEARTBEATS_A_LEASE = 3;

const workerPath = z.object({ id: z.string().describe("The worker's id") });

const work = { role: "work", problems: ["WORKER_NOT_FOUND"] } as const;

/** The workers, and the protocol by which a program in any language becomes one. */
export function workerRoutes(app: App, context: ServerContext): void {
  registrationRoutes(app, context);
  claimRoute(app, context);
  reportRoutes(app, context);
}

function registrationRoutes(app: App, { ledger, leaseSeconds }: ServerContext): void {
  app.get(
    "/api/workers",
    {
      config: { role: "read" },
      schema: { summary: "The registered workers", tags: ["Workers"], response: { 200: wire.workerList } },
    },
    async () => {
      const as_of = new Date().toISOString();
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
          "One registration a process; a restarted process registers anew. Send a heartbeat every `heartbeat_seconds`: after `lease_seconds` of silence the worker is lost and its jobs are given to others.",
        tags: ["Worker protocol"],
        body: wire.registration,
        response: { 201: wire.registered },
      },
    },
    async (request, reply) => {
      const id = newId();
      await ledger.register({ id, embedded: false, ...request.body });
      reply.code(201).header("location", `/api/workers/${id}`);
      return { id, lease_seconds: leaseSeconds, heartbeat_seconds: leaseSeconds / HEARTBEATS_A_LEASE };
    },
  );

  app.delete(
    "/api/workers/:id",
    {
      config: work,
      schema: {
        summary: "Sign a worker off",
        description: "Jobs it still holds are given to others.",
        tags: ["Worker protocol"],
        params: workerPath,
        response: { 204: z.undefined().describe("Signed off") },
      },
    },
    async (request, reply) => {
      await ledger.deregister(requireWorkerId(request.params.id));
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
        summary: "Take jobs to run",
        description:
          "Waits up to `wait` seconds for the first. Ask for no more than can run at once: what is claimed is running.",
        tags: ["Worker protocol"],
        params: workerPath,
        body: wire.claim,
        response: { 200: wire.claimed },
      },
    },
    async (request, reply) => ({
      jobs: await claimJobs(context, requireWorkerId(request.params.id), request.body, reply.raw),
    }),
  );
}

function reportRoutes(app: App, context: ServerContext): void {
  app.post(
    "/api/workers/:id/heartbeat",
    {
      config: work,
      schema: {
        summary: "Say that a worker lives, what it runs, and how far it has come",
        description:
          "Name every job the worker holds: one it was granted and does not name is taken to be lost on the way, and given to others. Answers for each whether it must stop.",
        tags: ["Worker protocol"],
        params: workerPath,
        body: wire.heartbeat,
        response: { 200: wire.heartbeatAnswer },
      },
    },
    async (request) => await heartbeat(context, requireWorkerId(request.params.id), request.body.held),
  );

  app.post(
    "/api/workers/:id/settle",
    {
      bodyLimit: SETTLE_BODY_BYTES_MAX,
      config: { role: "work", keepsJsonIssues: true },
      schema: {
        summary: "Commit the outcomes of attempts",
        description:
          "Answers for each what became of it. An answer that was lost may be asked for again: the second call says `already`. A result that cannot be stored fails its job alone.",
        tags: ["Worker protocol"],
        params: workerPath,
        body: wire.settle,
        response: { 200: wire.receipts },
      },
    },
    async (request) => ({
      receipts: await settle(
        context,
        requireWorkerId(request.params.id),
        request.body.settlements,
        request.jsonIssues,
      ),
    }),
  );
}

function requireWorkerId(id: string): string {
  if (!isId(id)) throw new LockstepError("WORKER_NOT_FOUND", "There is no worker with this id.");
  return id.toLowerCase();
}
