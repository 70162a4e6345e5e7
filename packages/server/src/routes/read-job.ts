import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { DatabaseUnavailableError, LockstepError } from "lockstep/internal/errors";
import { INTEGER_MAX, isTerminal, type Job } from "lockstep/internal/job";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ReadStatus } from "../job-reader.js";
import type { ServerContext } from "../server-context.js";
import { toStatusView } from "../status-view.js";
import * as fields from "../wire/fields.js";
import { job as jobSchema, statusView } from "../wire/job.js";
import { jobNotFound, jobPath } from "./find-job.js";
import { etag, isKnown } from "./version.js";

const WAIT_SECONDS_MAX = 60;
const VERSION_WAIT_MS = 2_000;
const VERSION_POLL_MS = 50;
const END_POLL_MS = 500;

const readQuery = z.strictObject({
  wait: fields
    .count({ min: 0, max: WAIT_SECONDS_MAX })
    .optional()
    .describe("Wait for the job to finish before responding: seconds, at most 60"),
  min_version: fields
    .count({ min: 0, max: INTEGER_MAX })
    .optional()
    .describe("Never return an older version: 503 STATUS_UNKNOWN instead. 0: any version"),
});

type ReadQuery = z.output<typeof readQuery>;

export function readJobRoutes(app: App, context: ServerContext): void {
  const config = { role: "read", problems: ["JOB_NOT_FOUND", "STATUS_UNKNOWN", "OVERLOADED"] } as const;
  app.get(
    "/api/jobs/:id",
    {
      config,
      schema: {
        summary: "A job",
        description:
          "Its ETag is its version; `If-None-Match` answers 304 when that has not changed. While the database is down the response comes from the cache, and says so.",
        tags: ["Jobs"],
        params: jobPath,
        querystring: readQuery,
        response: {
          200: jobSchema,
          304: z.undefined().describe("The version is still the one of If-None-Match"),
        },
      },
    },
    async (request, reply) => {
      const job = await readJob(context, context.jobs.read, reply.raw, request);
      reply.header("etag", etag(job)).header("cache-control", "no-cache");
      return isKnown(request, job) ? reply.code(304).send() : job;
    },
  );

  app.get(
    "/api/status/:id",
    {
      config,
      schema: {
        summary: "A job's status, and its result once it has one",
        tags: ["Jobs"],
        params: jobPath,
        querystring: readQuery,
        response: { 200: statusView },
      },
    },
    async (request, reply) => {
      const job = await readJob(context, context.jobs.readStatus, reply.raw, request);
      reply.header("cache-control", "no-cache");
      return toStatusView(job, context.kinds.workload(job.kind)?.results.shown);
    },
  );
}

interface ReadRequest {
  readonly params: { readonly id: string };
  readonly query: ReadQuery;
}

type Read<Row> = (id: string) => Promise<Row>;

function readJob<Row extends ReadStatus>(
  context: ServerContext,
  read: Read<Row>,
  response: ServerResponse,
  { params: { id }, query }: ReadRequest,
): Promise<Row | Job> {
  if (query.wait === undefined && query.min_version === undefined) return read(id);
  return readWithWait(context, read, response, id, query);
}

async function readWithWait<Row extends ReadStatus>(
  context: ServerContext,
  read: Read<Row>,
  response: ServerResponse,
  id: string,
  { wait, min_version: version = 0 }: ReadQuery,
): Promise<Row | Job> {
  const job = wait ? await waitForEnd(context, read, response, id, wait) : await read(id);
  return job.version >= version ? job : await waitForVersion(context, read, response, id, version);
}

async function waitForEnd<Row extends ReadStatus>(
  { ledger, waits }: ServerContext,
  read: Read<Row>,
  response: ServerResponse,
  id: string,
  seconds: number,
): Promise<Row | Job> {
  const giveUpAt = performance.now() + seconds * 1_000;
  const now = await read(id);
  if (isTerminal(now.status)) return now;
  return await waits.hold(response, async (signal) => {
    try {
      const job = await ledger.wait(id, { timeoutMs: seconds * 1_000, signal });
      if (!job) throw jobNotFound();
      return job;
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      return await pollForEnd(read, id, giveUpAt, signal);
    }
  });
}

/**
 * While the database is down: immediate answers would make clients that follow a job ask without a
 * pause.
 */
async function pollForEnd<Row extends ReadStatus>(
  read: Read<Row>,
  id: string,
  giveUpAt: number,
  signal: AbortSignal,
): Promise<Row> {
  for (;;) {
    const job = await read(id);
    if (isTerminal(job.status) || signal.aborted || performance.now() >= giveUpAt) return job;
    await delay(END_POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * The ledger never returns less than was committed. So if it does not have a version yet, the
 * client learned of that version elsewhere.
 */
async function waitForVersion<Row extends ReadStatus>(
  { waits }: ServerContext,
  read: Read<Row>,
  response: ServerResponse,
  id: string,
  version: number,
): Promise<Row> {
  const giveUpAt = performance.now() + VERSION_WAIT_MS;
  return await waits.hold(response, async (signal) => {
    while (!signal.aborted && performance.now() < giveUpAt) {
      const job = await read(id);
      if (job.version >= version) return job;
      await delay(VERSION_POLL_MS, undefined, { signal }).catch(() => undefined);
    }
    throw new LockstepError("STATUS_UNKNOWN", `Version ${version} of the job cannot be seen yet.`, {
      retryAfterSeconds: 1,
    });
  });
}
