/**
 * A worker in a separate process. argv[2] is JSON: { url, dataDir, leaseSeconds }.
 * Kinds: `gate` returns when the file named in its input exists; `block` keeps the event loop busy
 * for `ms`.
 * Prints one line of JSON every 50 ms: the result of `health`, and the jobs whose handlers run.
 */
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { z } from "zod";
import { openDatabase } from "../../src/database/index.js";
import { defineJob } from "../../src/job/index.js";
import { openLedger } from "../../src/ledger/index.js";
import { createWorker } from "../../src/worker/index.js";

const options = z
  .object({ url: z.string(), dataDir: z.string(), leaseSeconds: z.number() })
  .parse(JSON.parse(process.argv[2] ?? ""));

const running = new Set<string>();
const blockingHandler = defineJob({
  kind: "gate",
  input: z.object({ file: z.string() }),
  async run({ file }, ctx) {
    running.add(ctx.job.id);
    while (!existsSync(file)) await delay(10);
    return { attempt: ctx.job.attempt };
  },
});
const block = defineJob({
  kind: "block",
  input: z.object({ ms: z.number() }),
  run({ ms }, ctx) {
    const until = performance.now() + ms;
    while (performance.now() < until);
    return { attempt: ctx.job.attempt, aborted: ctx.signal.aborted };
  },
});

const database = await openDatabase({ url: options.url });
const worker = createWorker({
  ledger: openLedger(database, { leaseSeconds: options.leaseSeconds }),
  definitions: [blockingHandler, block],
  concurrency: 2,
  queues: [],
  dataDir: options.dataDir,
  leaseSeconds: options.leaseSeconds,
  heartbeat: { mode: "thread", databaseUrl: options.url },
  logger: pino({ level: "silent" }),
});
await worker.start();
setInterval(() => {
  process.stdout.write(`${JSON.stringify({ id: worker.id, ...worker.health(), jobs: [...running] })}\n`);
}, 50);
