import { createHash } from "node:crypto";
import { planBatch } from "lockstep/internal/batches";
import { LockstepError } from "lockstep/internal/errors";
import { canonicalJson } from "lockstep/internal/job";
import type { Batch, BatchMember } from "lockstep/internal/ledger";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import { batch, batchPage, changedBatch, newBatch } from "../wire/batch.js";
import * as fields from "../wire/fields.js";
import { jobPage } from "../wire/job.js";
import { keyHeader, toRequest, traceOf } from "./submit.js";

const BODY_BYTES_MAX = 32 * 1024 * 1024;
const PAGE_BATCHES_MAX = 100;
const PAGE_JOBS_MAX = 1_000;

export const batchPath = z.object({ id: z.string() });

/** Many jobs as one: submitted, counted, cancelled and retried together. */
export function batchRoutes(app: App, context: ServerContext): void {
  addSubmit(app, context);
  addReads(app, context);
  addChange(app, context, "cancel");
  addChange(app, context, "retry");
}

export type NewBatchBody = z.output<typeof newBatch>;

/** Checks the whole request and commits it in one transaction. */
export async function submitBatch(
  { ledger, kinds, files }: ServerContext,
  asked: NewBatchBody,
  options: { readonly actor: string; readonly key?: string | undefined; readonly traceparent?: string },
): Promise<{ readonly batch: Batch; readonly replayed: boolean }> {
  const {
    kind,
    name,
    input,
    inputs = null,
    library = null,
    skip_invalid,
    allow_unknown,
    ...settings
  } = asked;
  const ofRequest = kinds.ofRequest();
  const planned = await planBatch(
    { kind, common: input, inputs, library, skipInvalid: skip_invalid },
    {
      library: kinds.workload(kind)?.batch.library ?? null,
      store: files,
      check: (job, pointer) => ofRequest.check({ ...job, allow_unknown }, pointer),
    },
  );
  const { traceparent } = options;
  const shared = await toRequest(ofRequest, { ...settings, kind, input: null });
  const members: BatchMember[] = planned.inputs.map((each) => ({
    ...shared,
    input: each,
    ...(traceparent === undefined ? {} : { traceparent }),
  }));
  return await ledger.batches.submit(
    {
      kind,
      members,
      skipped: planned.skipped,
      ...(name === undefined ? {} : { name }),
      ...(library === null ? {} : { library }),
      ...(options.key === undefined ? {} : { idempotency: { key: options.key, requestHash: hashOf(asked) } }),
    },
    { actor: options.actor },
  );
}

function hashOf(asked: NewBatchBody): string {
  const canonical = canonicalJson(asked, Number.POSITIVE_INFINITY);
  if (!canonical.ok) throw new LockstepError("INVALID_INPUT", `The request ${canonical.issue.message}.`);
  return createHash("sha256").update(canonical.text).digest("hex");
}

function addSubmit(app: App, context: ServerContext): void {
  app.post(
    "/api/batches",
    {
      bodyLimit: BODY_BYTES_MAX,
      config: { role: "submit", problems: ["INVALID_INPUT", "UNKNOWN_KIND", "IDEMPOTENCY_MISMATCH"] },
      schema: {
        summary: "Submit many jobs of a kind as one batch",
        description:
          "One transaction: 202 means that all jobs are committed. Invalid inputs are listed with their place, and nothing is committed; for a library, `skip_invalid` skips the lines that are not valid. The same `Idempotency-Key` with the same body returns the same batch again.",
        tags: ["Batches"],
        headers: keyHeader,
        body: newBatch,
        response: { 202: batch },
      },
    },
    async (request, reply) => {
      const { batch, replayed } = await submitBatch(context, request.body, {
        actor: request.actor,
        key: request.headers["idempotency-key"],
        ...traceOf(request),
      });
      if (replayed) reply.header("idempotent-replayed", "true");
      return reply.code(202).header("location", `/api/batches/${batch.id}`).send(batch);
    },
  );
}

function addReads(app: App, { ledger }: ServerContext): void {
  app.get(
    "/api/batches",
    {
      config: { role: "read", problems: ["INVALID_REQUEST"] },
      schema: {
        summary: "Batches, newest first",
        description:
          "With exact counts of each. Request few at a time: the jobs of every batch on the page are counted.",
        tags: ["Batches"],
        querystring: z.strictObject({
          limit: fields.count({ min: 1, max: PAGE_BATCHES_MAX }).default(20),
          cursor: fields.text(1_000).optional().describe("`next` of the previous page"),
        }),
        response: { 200: batchPage },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const page = await ledger.batches.list(cursor === undefined ? { limit } : { limit, cursor });
      return { ...page, source: "ledger" as const };
    },
  );

  app.get(
    "/api/batches/:id",
    {
      config: { role: "read", problems: ["BATCH_NOT_FOUND"] },
      schema: {
        summary: "A batch: how many of its jobs are waiting, running and finished",
        tags: ["Batches"],
        params: batchPath,
        response: { 200: batch },
      },
    },
    (request) => findBatch(ledger, request.params.id),
  );

  app.get(
    "/api/batches/:id/jobs",
    {
      config: { role: "read", problems: ["BATCH_NOT_FOUND", "INVALID_REQUEST"] },
      schema: {
        summary: "The jobs of a batch, newest first",
        description: "As `GET /api/jobs` with `batch`.",
        tags: ["Batches"],
        params: batchPath,
        querystring: z.strictObject({
          status: fields
            .listOf(fields.status, 5)
            .optional()
            .describe("May be repeated, or a comma-separated list"),
          limit: fields.count({ min: 1, max: PAGE_JOBS_MAX }).default(100),
          cursor: fields.text(1_000).optional().describe("`next` of the previous page"),
        }),
        response: { 200: jobPage },
      },
    },
    async (request) => {
      const { id } = await findBatch(ledger, request.params.id);
      const { limit, status, cursor } = request.query;
      const page = await ledger.list({
        batch: id,
        limit,
        ...(status === undefined ? {} : { status }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      return { ...page, source: "ledger" as const };
    },
  );
}

const CHANGES = {
  cancel: {
    summary: "Cancel a batch",
    description:
      "Waiting jobs are cancelled at once, running ones are asked to stop. A job that completes first stays completed.",
  },
  retry: {
    summary: "Run the jobs again that did not complete",
    description:
      "Every job of the batch that failed or was cancelled starts a new run; archived ones do not.",
  },
} as const;

function addChange(app: App, { ledger }: ServerContext, action: keyof typeof CHANGES): void {
  app.post(
    `/api/batches/:id/${action}`,
    {
      config: { role: "operate", problems: ["BATCH_NOT_FOUND", "VERSION_MISMATCH"] },
      schema: { ...CHANGES[action], tags: ["Batches"], params: batchPath, response: { 200: changedBatch } },
    },
    async (request) => {
      const { id } = await findBatch(ledger, request.params.id);
      const changed = await ledger.batches[action](id, { actor: request.actor });
      return { changed, batch: await findBatch(ledger, id) };
    },
  );
}

/** @throws BATCH_NOT_FOUND */
export async function findBatch(ledger: ServerContext["ledger"], id: string): Promise<Batch> {
  const found = await ledger.batches.get(id);
  if (found === null) throw new LockstepError("BATCH_NOT_FOUND", "There is no batch with this id.");
  return found;
}
