/**
 * One process of Lockstep as it is built: a server or a worker. argv[2] is JSON:
 * { role, databaseUrl, redisUrl, dataDir, leaseSeconds, port, concurrency, crash: { point, nth } | null }.
 */
import pino from "pino";
import { z } from "zod";
import { armCrashPoints } from "../../../dist/crash-point.js";
import { defineJob } from "../../../dist/index.js";
import { openParts } from "../../../dist/lockstep.js";
import { doWork, say, sayAlive } from "../work.mjs";

const { role, databaseUrl, redisUrl, dataDir, leaseSeconds, port, concurrency, crash } = JSON.parse(
  process.argv[2] ?? "",
);
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

const work = defineJob({
  kind: "work",
  input: z.object({ key: z.string(), mode: z.string(), ms: z.number() }),
  retry: { maxAttempts: 5, baseDelay: 50, maxDelay: 500 },
  run: (input, ctx) => doWork(input, ctx.job.attempt, { signal: ctx.signal }),
});

const parts = await openParts({
  databaseUrl,
  redisUrl,
  dataDir,
  leaseSeconds,
  logger: pino({ level: "info" }, pino.destination(2)),
});
process.once("SIGTERM", async () => {
  await parts.close();
  process.exit(0);
});
sayAlive();
if (role === "api") {
  const { url } = await parts.startServer({ definitions: [work], host: "127.0.0.1", port, version: "truth" });
  say({ e: "ready", url });
} else {
  const worker = await parts.startWorker({ definitions: [work], concurrency, queues: [] });
  say({ e: "ready", worker: worker.id });
}
