import { type Job, Queue, Worker } from "bullmq";
import type { ShownStatus } from "../../history/events.js";
import type { Work } from "../system.js";
import { doWork } from "../work.mjs";
import { ABSENT, type Answer, ATTEMPTS_MAX, type Servers } from "./design.js";

const QUEUE = "truth";

const STATUSES: Readonly<Record<string, ShownStatus>> = {
  completed: "completed",
  failed: "failed",
  active: "running",
  unknown: "absent",
};

export function openQueue({ redisUrl }: Servers): Queue {
  const queue = new Queue(QUEUE, { connection: { url: redisUrl, maxRetriesPerRequest: 1 } });
  queue.on("error", () => undefined);
  return queue;
}

/** Adds jobs under their keys, so that a repeated add changes nothing. */
export async function addAll(queue: Queue, works: readonly Work[]): Promise<void> {
  await queue.addBulk(
    works.map((work) => ({
      name: "work",
      data: work,
      opts: { jobId: work.key, attempts: ATTEMPTS_MAX, backoff: { type: "exponential", delay: 50 } },
    })),
  );
}

/** What BullMQ itself says about a job. */
export async function queueAnswer(queue: Queue, key: string): Promise<Answer> {
  const job = (await queue.getJob(key)) as Job | undefined;
  if (!job) return ABSENT;
  const state = await job.getState();
  // The two are read one after the other: an entry counts as completed only if it says when it
  // finished.
  if (state !== "completed") return { status: STATUSES[state] ?? "pending" };
  const again = (await queue.getJob(key)) as Job | undefined;
  return again ? { status: "completed", output: again.returnvalue } : ABSENT;
}

export interface Steps {
  before(work: Work): Promise<void>;
  after(work: Work, output: unknown): Promise<void>;
  failed(work: Work, isLast: boolean): Promise<void>;
}

/** A worker with the settings that recover fastest from the death of another. */
export function startBullWorker({ redisUrl, leaseSeconds, concurrency }: Servers, steps: Steps | null): void {
  const worker = new Worker(
    QUEUE,
    async (job: Job<Work>) => {
      await steps?.before(job.data);
      const output = await doWork(job.data, job.attemptsMade + 1, { attemptKnown: false });
      await steps?.after(job.data, output);
      return output;
    },
    {
      connection: { url: redisUrl, maxRetriesPerRequest: null },
      concurrency,
      lockDuration: leaseSeconds * 1_000,
      stalledInterval: 1_000,
      // Room for a few deaths of its workers. With much more, a job that blocks its worker for
      // longer than the lease is repeated all the time.
      maxStalledCount: 5,
    },
  );
  worker.on("error", () => undefined);
  worker.on("failed", (job) => {
    if (job) void steps?.failed(job.data, job.attemptsMade >= ATTEMPTS_MAX);
  });
}
