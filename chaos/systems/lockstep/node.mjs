/**
 * One process of the compiled Lockstep: a server, a worker, or a BullMQ worker with the bridge.
 * argv[2] is JSON: { role, databaseUrl, redisUrl, dataDir, diskFile, leaseSeconds, port,
 * concurrency, queue, crash: { point, nth } | null }.
 */

import { createBridge } from "@lockstep/bullmq";
import { openService } from "@lockstep/server/internal/service";
import { Queue, Worker } from "bullmq";
import { defineJob } from "lockstep";
import { armCrashPoints } from "lockstep/internal/crash-point";
import pino from "pino";
import { z } from "zod";
import { doWork, say, sayAlive } from "../work.mjs";
import { breakableDisk } from "./disk.mjs";

const { role, databaseUrl, redisUrl, dataDir, diskFile, leaseSeconds, port, concurrency, queue, crash } =
  JSON.parse(process.argv[2] ?? "");
const clockMs = () => Number(process.hrtime.bigint()) / 1e6;
const times = new Map();

armCrashPoints((point) => {
  const nth = (times.get(point) ?? 0) + 1;
  times.set(point, nth);
  if (nth === 1) say({ e: "point", at: clockMs(), point, killed: false });
  if (crash === null || crash.point !== point || nth < crash.nth) return;
  say({ e: "point", at: clockMs(), point, killed: true });
  process.kill(process.pid, "SIGKILL");
});

const define = (kind) =>
  defineJob({
    kind,
    input: z.object({ key: z.string(), mode: z.string(), ms: z.number() }),
    retry: { maxAttempts: 5, baseDelay: 50, maxDelay: 500 },
    run: (input, ctx) => doWork(input, ctx.job.attempt, { signal: ctx.signal }),
  });
const work = define("work");
const bridged = define(queue);
const logger = pino({ level: "info" }, pino.destination(2));

const PROGRAMS = { api: startServer, worker: startWorker, bridge: startBridge };
const close = await PROGRAMS[role]();
process.once("SIGTERM", async () => {
  await close();
  process.exit(0);
});

async function startServer() {
  const runtime = await openService({ databaseUrl, redisUrl, dataDir, leaseSeconds, logger });
  const definitions = [work, bridged];
  const { url } = await runtime.startServer({ definitions, host: "127.0.0.1", port, version: "truth" });
  say({ e: "ready", url });
  return () => runtime.close();
}

async function startWorker() {
  const canWrite = await breakableDisk(diskFile);
  sayAlive(canWrite);
  const runtime = await openService({ databaseUrl, redisUrl, dataDir, leaseSeconds, logger });
  const worker = await runtime.startWorker({ definitions: [work], concurrency, queues: [] });
  say({ e: "ready", worker: worker.id });
  return () => runtime.close();
}

/**
 * It does not report that it is alive: it has no spool for a returned result, and after a crash
 * BullMQ delivers the job again.
 */
async function startBridge() {
  const connection = { url: redisUrl };
  const entries = new Queue(queue, { connection });
  entries.on("error", () => undefined);
  const lease = leaseSeconds * 1_000;
  const bridge = await createBridge({
    databaseUrl,
    dataDir,
    lease,
    queue: entries,
    reconcileEvery: "2s",
    logger,
  });
  const worker = new Worker(queue, bridge.processor(bridged, { concurrency: 10 }), {
    connection: { ...connection, maxRetriesPerRequest: null },
    concurrency: 10,
    drainDelay: 1,
    lockDuration: lease,
    stalledInterval: 1_000,
    maxStalledCount: 1_000_000,
  });
  worker.on("error", () => undefined);
  say({ e: "ready" });
  return async () => {
    await worker.close(true);
    await bridge.close();
    await entries.close();
  };
}
