/**
 * A process with a bridge and a BullMQ worker. Its first argument says what to do. At a named point
 * it prints the name to stdout and stops there until it is killed.
 */
import { Queue, Worker } from "bullmq";
import { createLockstep, type Job } from "lockstep";
import { attachInternals, internalsOf } from "lockstep/internal/internals";
import { createBridge, type Processor } from "../src/index.js";

/**
 * claimed: the claim is committed, its answer not yet read. handling: the handler runs. returned:
 * the handler has returned, nothing is recorded. settled: the outcome is recorded, BullMQ does not
 * know it yet. adding: an entry is about to be added. added: the entry is added, the position is
 * not saved.
 */
export type Point = "claimed" | "handling" | "returned" | "settled" | "adding" | "added";

export interface Orders {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly queue: string;
  readonly leaseSeconds: number;
  readonly relay: boolean;
  readonly work: boolean;
  readonly haltAt: Point | null;
  /** How long a handler takes; null: until a SIGUSR2. */
  readonly workMs: number | null;
  /** How many handler runs in 100 fail. */
  readonly failPercent: number;
}

const orders = JSON.parse(process.argv[2] ?? "") as Orders;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const reach = async (point: Point, id: string): Promise<void> => {
  if (orders.haltAt !== point) return;
  say(`${point} ${id}`);
  await new Promise(() => undefined);
};

const connection = { url: orders.redisUrl };
const queue = new Queue(orders.queue, { connection });
queue.on("error", () => undefined);
const addBulk = queue.addBulk.bind(queue);
queue.addBulk = async (jobs) => {
  await reach("adding", jobs[0]?.opts?.jobId ?? "");
  const added = await addBulk(jobs);
  await reach("added", jobs[0]?.opts?.jobId ?? "");
  return added;
};

const lockstep = await createLockstep({
  databaseUrl: orders.databaseUrl,
  lease: orders.leaseSeconds * 1_000,
  jobs: [],
});
const internals = internalsOf(lockstep);
const { ledger } = internals;
const halting: typeof ledger = {
  ...ledger,
  async claimJob(workerId, jobId) {
    const job = await ledger.claimJob(workerId, jobId);
    if (job) await reach("claimed", jobId);
    return job;
  },
  async turn(settlements, claim) {
    const [first] = settlements;
    if (first) await reach("returned", first.job_id);
    return await ledger.turn(settlements, claim);
  },
};
const bridge = await createBridge({
  lockstep: attachInternals({ ...lockstep }, { ...internals, ledger: halting }),
  queue,
  relay: orders.relay,
  reconcileEvery: "1s",
});

const run = async (job: Job): Promise<{ by: number; attempt: number }> => {
  say(`run ${job.id}`);
  await reach("handling", job.id);
  const { workMs } = orders;
  await new Promise<unknown>((resolve) =>
    workMs === null ? process.once("SIGUSR2", resolve) : setTimeout(resolve, workMs),
  );
  if (Math.random() * 100 < orders.failPercent) throw new Error("by chance");
  return { by: process.pid, attempt: job.attempt };
};
if (orders.work) {
  const process = bridge.processor((_input, ctx) => run(ctx.job), {
    retry: { baseDelay: 50, maxDelay: 200 },
  });
  const halted: Processor = async (entry, token) => {
    try {
      return await process(entry, token);
    } finally {
      await reach("settled", entry.id ?? "");
      say(`told ${entry.id}`);
    }
  };
  const worker = new Worker(orders.queue, halted, {
    connection,
    concurrency: 5,
    drainDelay: 1,
    lockDuration: 1_000,
    stalledInterval: 500,
    maxStalledCount: 1_000_000,
  });
  worker.on("error", () => undefined);
}
if (orders.relay) {
  const look = setInterval(() => {
    if (!bridge.health().relaying) return;
    clearInterval(look);
    say("leading");
  }, 20);
  look.unref();
}
say("ready");
