import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach } from "vitest";
import { z } from "zod";
import { type WaitOptions, waitFor } from "../../../../tests/servers/wait-for.js";
import type { Database } from "../../src/database/index.js";
import { type AnyJobDefinition, defineJob, type Job, type JobContext } from "../../src/job/index.js";
import type { Ledger } from "../../src/ledger/index.js";
import { createWorker, type Worker, type WorkerOptions } from "../../src/worker/index.js";

export interface Place {
  readonly ledger: Ledger;
  readonly database: Database;
  readonly url: string | null;
}

type Options = Partial<WorkerOptions> & { readonly definitions: readonly AnyJobDefinition[] };

const workers: Worker[] = [];
const folders: string[] = [];

/**
 * Stops the workers of a test that has ended. Register it before the ledger's own cleanup: hooks
 * run in reverse order of registration.
 */
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop({ force: true })));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-worker-"));
  folders.push(folder);
  return folder;
}

/** A worker that is stopped with the test. On PostgreSQL its heartbeat runs in a thread. */
export async function newWorker(place: Place, options: Options): Promise<Worker> {
  const worker = createWorker({
    ledger: place.ledger,
    concurrency: 10,
    queues: [],
    dataDir: options.dataDir ?? (await newFolder()),
    leaseSeconds: 30,
    heartbeat: place.url === null ? { mode: "inline" } : { mode: "thread", databaseUrl: place.url },
    logger: pino({ level: process.env.LOCKSTEP_TEST_LOG ?? "silent" }),
    ...options,
  });
  workers.push(worker);
  return worker;
}

export async function startWorker(place: Place, options: Options): Promise<Worker> {
  const worker = await newWorker(place, options);
  await worker.start();
  return worker;
}

/** A kind that accepts any object and does what the test says. */
export function kind(name: string, run: (input: Record<string, unknown>, ctx: JobContext) => unknown) {
  return defineJob({
    kind: name,
    input: z.record(z.string(), z.unknown()),
    retry: { maxAttempts: 3, baseDelay: 1 },
    run,
  });
}

export async function submit(
  place: Place,
  kindName: string,
  input: object = {},
  more: object = {},
): Promise<string> {
  return (await place.ledger.submit({ kind: kindName, input, ...more })).job.id;
}

/** Waits until the job is terminal. */
export function terminal(place: Place, id: string): Promise<Job> {
  return until(place, id, (job) => job.finished_at !== null, { what: "the job to be terminal" });
}

export function until(
  place: Place,
  id: string,
  condition: (job: Job) => boolean,
  options: WaitOptions,
): Promise<Job> {
  return waitFor(async () => {
    const job = await place.ledger.get(id);
    return job !== null && condition(job) ? job : null;
  }, options);
}

/** A handler that waits until it is released, and records what happened to it. */
export function blockingHandler() {
  const waiting: { id: string; go: (output: unknown) => void; fail: (error: unknown) => void }[] = [];
  const aborted: string[] = [];
  let running = 0;
  let most = 0;
  return {
    /** Ids of the jobs whose handlers run, oldest first. */
    inside: () => waiting.map(({ id }) => id),
    aborted,
    most: () => most,
    running: () => running,
    letGo(count = 1, output: unknown = { ok: true }) {
      for (const { go } of waiting.splice(0, count)) go(output);
    },
    fail(error: unknown) {
      waiting.shift()?.fail(error);
    },
    /** @param stopsOnAbort whether it returns when its signal fires */
    run: (stopsOnAbort: boolean) => async (_: unknown, ctx: JobContext) => {
      running += 1;
      most = Math.max(most, running);
      try {
        return await new Promise((go, fail) => {
          waiting.push({ id: ctx.job.id, go, fail });
          ctx.signal.addEventListener("abort", () => {
            aborted.push((ctx.signal.reason as { code: string }).code);
            if (!stopsOnAbort) return;
            waiting.splice(
              waiting.findIndex(({ id }) => id === ctx.job.id),
              1,
            );
            fail(ctx.signal.reason);
          });
        });
      } finally {
        running -= 1;
      }
    },
  };
}
