/**
 * One machine of a system: a server or a worker in a separate process, built as the command line
 * builds it.
 * argv[2] is JSON, see `options`. Prints a line of JSON once it is ready; SIGTERM shuts it down in
 * order.
 * The kind `step` takes `ms`, fails in its first `fails` attempts, and returns the `n` of its
 * input.
 */
import { setTimeout as delay } from "node:timers/promises";
import { openService } from "@lockstep/server/internal/service";
import { defineJob } from "lockstep/internal/job";
import { pino } from "pino";
import { z } from "zod";

const options = z
  .object({
    role: z.enum(["server", "worker"]),
    databaseUrl: z.string(),
    redisUrl: z.string(),
    dataDir: z.string(),
    leaseSeconds: z.number(),
    port: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? ""));

const step = defineJob({
  kind: "step",
  input: z.object({ n: z.number(), ms: z.number(), fails: z.number() }),
  retry: { maxAttempts: 20, baseDelay: 50, maxDelay: 200 },
  async run({ n, ms, fails }, ctx) {
    await delay(ms, undefined, { signal: ctx.signal });
    if (ctx.job.attempt <= fails) throw new Error("not yet");
    return { n };
  },
});

const stopped = new Promise((resolve) => process.once("SIGTERM", resolve));
const { role, port, ...places } = options;
const runtime = await openService({ ...places, logger: pino({ level: "error" }, pino.destination(2)) });
const definitions = [step];
if (role === "server") await runtime.startServer({ definitions, host: "127.0.0.1", port, version: "0" });
else await runtime.startWorker({ definitions, concurrency: 10, queues: [] });
process.stdout.write(`${JSON.stringify({ role, pid: process.pid })}\n`);
await stopped;
await runtime.close();
