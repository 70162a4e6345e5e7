import * as six from "bullmq";
import * as four from "bullmq4";
import * as five from "bullmq5";
import { onTestFinished } from "vitest";
import type { Redis } from "../../../../tests/servers/redis.js";

/** The calls used here are the same in each version; only types that are not used here differ. */
export const VERSIONS = [
  ["4", four as unknown as typeof six],
  ["5", five as unknown as typeof six],
  ["6", six],
] as const;

export const connectionTo = (redis: Redis) => ({
  host: "127.0.0.1",
  port: redis.port,
  password: new URL(redis.url).password,
  maxRetriesPerRequest: null,
});

/** Starts a worker: `bad` fails, `slow` waits for the end of the test, all other jobs succeed. */
export async function startWorker(
  library: typeof six,
  redis: Redis,
  queue: string,
  options: Partial<six.WorkerOptions> = {},
) {
  let release: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const worker = new library.Worker(
    queue,
    async (job) => {
      if (job.name === "bad") throw new Error("exit 137");
      if (job.name === "slow") await slow;
      return { n: Number(job.data.n) };
    },
    { connection: connectionTo(redis), concurrency: 5, ...options },
  );
  onTestFinished(async () => {
    release();
    await worker.close();
  });
  return worker;
}
