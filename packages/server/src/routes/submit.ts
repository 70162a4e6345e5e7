import type { FastifyRequest } from "fastify";
import { type Issue, LockstepError } from "lockstep/internal/errors";
import { givenFields, keySchema } from "lockstep/internal/job";
import type { SubmitRequest } from "lockstep/internal/ledger";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { KindsOfRequest, SubmittedKind } from "../kind-catalog/index.js";
import { ISSUES_SHOWN_MAX } from "../problem.js";
import type { ServerContext } from "../server-context.js";
import { duplicateJob, job } from "../wire/job.js";
import { batch, batchAnswer, type NewJobBody, newJob } from "../wire/new-job.js";
import { etag } from "./version.js";

const JOB_BODY_BYTES_MAX = 4 * 1024 * 1024;
const BATCH_BODY_BYTES_MAX = 32 * 1024 * 1024;

export const keyHeader = z.looseObject({ "idempotency-key": keySchema.optional() });

export function submitRoutes(app: App, context: ServerContext): void {
  addSubmit(app, context);
  addSubmitMany(app, context);
}

function addSubmit(app: App, { ledger, kinds }: ServerContext): void {
  app.post(
    "/api/jobs",
    {
      bodyLimit: JOB_BODY_BYTES_MAX,
      config: {
        role: "submit",
        problems: ["INVALID_INPUT", "UNKNOWN_KIND", "IDEMPOTENCY_MISMATCH", "UNIQUE_KEY_TAKEN", "KEY_IN_USE"],
      },
      schema: {
        summary: "Submit a job",
        description:
          "202 means the job is committed. The same `Idempotency-Key` with the same body returns the same job again, with `Idempotent-Replayed: true`; 200 is the live job that holds the `unique_key`.",
        tags: ["Jobs"],
        headers: keyHeader,
        body: newJob,
        response: { 200: duplicateJob, 202: job },
      },
    },
    async (request, reply) => {
      const ofRequest = kinds.ofRequest();
      await assertValidInputs(ofRequest, [request.body], () => "");
      const key = request.headers["idempotency-key"];
      const asked = await toRequest(
        ofRequest,
        key === undefined ? request.body : { ...request.body, idempotency_key: key },
      );
      const { job, deduplicated } = await ledger.submit(
        { ...asked, ...traceOf(request) },
        { actor: request.actor },
      );
      reply.header("etag", etag(job)).header("location", `/api/jobs/${job.id}`);
      if (deduplicated === "unique_key") return reply.code(200).send({ ...job, deduplicated: true });
      if (deduplicated === "idempotency_key") reply.header("idempotent-replayed", "true");
      return reply.code(202).send(job);
    },
  );
}

function addSubmitMany(app: App, { ledger, kinds }: ServerContext): void {
  app.post(
    "/api/jobs/batch",
    {
      bodyLimit: BATCH_BODY_BYTES_MAX,
      config: {
        role: "submit",
        problems: ["INVALID_INPUT", "UNKNOWN_KIND", "IDEMPOTENCY_MISMATCH", "UNIQUE_KEY_TAKEN", "KEY_IN_USE"],
      },
      schema: {
        summary: "Submit up to 10,000 jobs at once",
        description:
          "One transaction: all jobs are committed, or none is and every issue is listed with its pointer. The same `Idempotency-Key` with the same body returns the same jobs again, with `Idempotent-Replayed: true`.",
        tags: ["Jobs"],
        headers: keyHeader,
        body: batch,
        response: { 202: batchAnswer },
      },
    },
    async (request, reply) => {
      const { jobs } = request.body;
      const ofRequest = kinds.ofRequest();
      await assertValidInputs(ofRequest, jobs, (index) => `/jobs/${index}`);
      const trace = traceOf(request);
      const asked: SubmitRequest[] = [];
      for (const job of jobs) asked.push({ ...(await toRequest(ofRequest, job)), ...trace });
      const key = request.headers["idempotency-key"];
      const submitted = await ledger.submitMany(asked, {
        actor: request.actor,
        ...(key === undefined ? {} : { idempotencyKey: key }),
      });
      if (key !== undefined && submitted.every(({ deduplicated }) => deduplicated === "idempotency_key"))
        reply.header("idempotent-replayed", "true");
      return reply.code(202).send({
        jobs: submitted.map(({ job: { id, kind, queue, status, version }, deduplicated }) => ({
          id,
          kind,
          queue,
          status,
          version,
          deduplicated,
        })),
        source: "ledger",
        as_of: submitted[0]?.job.as_of ?? (await ledger.clock.now()),
      });
    },
  );
}

/** @throws UNKNOWN_KIND when that is the only issue, otherwise INVALID_INPUT */
export async function assertValidInputs(
  kinds: KindsOfRequest,
  jobs: readonly SubmittedKind[],
  pointer: (index: number) => string,
): Promise<void> {
  const issues: Issue[] = [];
  const codes = new Set<"UNKNOWN_KIND" | "INVALID_INPUT">();
  for (const [index, job] of jobs.entries()) {
    const found = await kinds.check(job, pointer(index));
    if (!found) continue;
    codes.add(found.code);
    issues.push(...found.issues);
    if (issues.length >= ISSUES_SHOWN_MAX) break;
  }
  if (codes.has("INVALID_INPUT"))
    throw new LockstepError("INVALID_INPUT", "The input is not valid for the kind.", { issues });
  if (codes.size > 0) throw new LockstepError("UNKNOWN_KIND", "There is no such kind of job.", { issues });
}

/** The request to the ledger: the client's values, and the kind's for what it left out. */
export async function toRequest(
  kinds: KindsOfRequest,
  asked: Omit<NewJobBody, "allow_unknown">,
): Promise<SubmitRequest> {
  const { kind, input } = asked;
  return { ...givenFields(asked), kind, input, defaults: await kinds.defaults(kind) };
}

export function traceOf(request: FastifyRequest): { traceparent?: string } {
  const { traceparent } = request.headers;
  return typeof traceparent === "string" ? { traceparent } : {};
}
