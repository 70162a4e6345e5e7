/**
 * An order shop that keeps BullMQ and gets a correct record.
 *
 *   REDIS_URL=redis://127.0.0.1:6379 npx tsx examples/bullmq/main.ts [--exit] [--port N]
 *
 * DATABASE_URL is the address of a PostgreSQL. Without it, an embedded database runs in the folder
 * .lockstep-example. Bull Board shows the queue on the printed address. --exit: stop when every job
 * has ended.
 */
import { parseArgs } from "node:util";
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { FastifyAdapter } from "@bull-board/fastify";
import { createBridge } from "@lockstep/bullmq";
import { Queue, Worker } from "bullmq";
import Fastify from "fastify";
import { createLockstep, defineJob, NonRetryableError } from "lockstep";
import { z } from "zod";

const { values: flags } = parseArgs({
  options: { exit: { type: "boolean", default: false }, port: { type: "string", default: "3000" } },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);

// Existing code: a queue with its own options, and a worker.
const connection = { url: process.env.REDIS_URL ?? "redis://127.0.0.1:6379" };
const queue = new Queue("orders", {
  connection,
  defaultJobOptions: {
    attempts: 4,
    backoff: { type: "exponential", delay: 200 },
    removeOnComplete: { count: 1_000 },
  },
});

// New code: the ledger, and the bridge between the two.
const lockstep = await createLockstep({
  ...(process.env.DATABASE_URL ? { databaseUrl: process.env.DATABASE_URL } : {}),
  dataDir: ".lockstep-example",
  jobs: [],
});
const bridge = await createBridge({ lockstep, queue });

const charge = defineJob({
  kind: "charge",
  input: z.object({ order: z.int(), euros: z.number() }),
  run({ order, euros }, ctx) {
    ctx.progress(0.5, "asking the bank");
    ctx.log(`charging ${euros} EUR for order ${order}`);
    if (euros > 1_000) throw new NonRetryableError("the bank says no", { code: "DECLINED" });
    if (ctx.job.attempt === 1 && order % 3 === 0) throw new Error("the bank does not answer");
    return { receipt: `R-${order}` };
  },
});

const worker = new Worker("orders", bridge.processor([charge], { concurrency: 5 }), {
  connection,
  concurrency: 5,
  // The ledger counts the attempts. BullMQ should not give up an entry because its workers
  // restarted often.
  maxStalledCount: 1_000,
});
worker.on("error", (error) => print(`worker: ${error.message}`));

// Bull Board as usual. Its retry button is off: retry a finished job in the ledger (`npx lockstep
// jobs retry ID`).
const board = new FastifyAdapter();
createBullBoard({ queues: [new BullMQAdapter(queue, { allowRetries: false })], serverAdapter: board });
const app = Fastify();
await app.register(board.registerPlugin());
const address = await app.listen({ host: "127.0.0.1", port: Number(flags.port) });
print(`Bull Board: ${address}`);

// The order and its job can share your own transaction: bridge.add(charge, input, { tx: client }).
const orders = Array.from({ length: 7 }, (_, order) => ({ order, euros: order === 5 ? 5_000 : 20 }));
const jobs = await bridge.addBulk(
  orders.map((input) => ({ job: charge, input, options: { uniqueKey: `${input.order}` } })),
);
for (const { id } of jobs) {
  const job = await bridge.ledger.wait(id, { timeoutMs: 60_000 });
  const outcome = job?.status === "completed" ? JSON.stringify(job.output) : (job?.error?.message ?? "");
  print(`${id} ${job?.status} after ${job?.attempt} attempt(s): ${outcome}`);
}

const stop = async (): Promise<void> => {
  await worker.close();
  await bridge.close();
  await app.close();
  await queue.close();
  await lockstep.close();
};
if (flags.exit) await stop();
else for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
