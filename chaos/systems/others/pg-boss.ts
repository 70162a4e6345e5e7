import { createHash } from "node:crypto";
import PgBoss from "pg-boss";
import type { ShownStatus } from "../../history/events.js";
import type { Work } from "../system.js";
import { doWork } from "../work.mjs";
import { ABSENT, type Answer, ATTEMPTS_MAX, type Design, type Servers } from "./design.js";
import { versionOf } from "./version.js";

const QUEUE = "truth";
const POLL_MS = 200;

const STATUSES: Readonly<Record<string, ShownStatus>> = {
  created: "pending",
  retry: "pending",
  active: "running",
  completed: "completed",
  failed: "failed",
  cancelled: "cancelled",
};

/** The id of a key's job, so that a repeated submit finds the first one. */
function idOf(key: string): string {
  const hex = createHash("sha256").update(key).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

async function open({ databaseUrl }: Servers, supervise: boolean): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    max: 10,
    schedule: false,
    supervise,
    maintenanceIntervalSeconds: 1,
    monitorStateIntervalSeconds: 10,
  });
  boss.on("error", () => undefined);
  await boss.start();
  return boss;
}

async function answer(boss: PgBoss, key: string): Promise<Answer> {
  const job = await boss.getJobById(QUEUE, idOf(key));
  if (!job) return ABSENT;
  const status = STATUSES[job.state] ?? "pending";
  return status === "completed" ? { status, output: job.output } : { status };
}

/** Fetches into free slots and completes each job alone, which recovers best. */
async function work(boss: PgBoss, concurrency: number): Promise<void> {
  let free = concurrency;
  for (;;) {
    const jobs =
      free > 0
        ? await boss.fetch<Work>(QUEUE, { batchSize: free, includeMetadata: true }).catch(() => [])
        : [];
    for (const job of jobs) {
      free--;
      void doWork(job.data, job.retryCount + 1, { attemptKnown: false })
        .then(
          (output) => boss.complete(QUEUE, job.id, output as object),
          (error: unknown) => boss.fail(QUEUE, job.id, { message: String(error) }),
        )
        .catch(() => undefined)
        .finally(() => {
          free++;
        });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

export const pgBoss: Design = {
  name: "pg-boss",
  version: versionOf("pg-boss"),
  apiProcesses: 2,
  async prepare(servers) {
    const boss = await open(servers, false);
    await boss.createQueue(QUEUE);
    await boss.stop({ graceful: false });
  },
  async startApi(servers) {
    const boss = await open(servers, false);
    const { leaseSeconds } = servers;
    return {
      async submit(works) {
        await boss.insert(
          works.map((data) => ({
            id: idOf(data.key),
            name: QUEUE,
            data,
            retryLimit: ATTEMPTS_MAX - 1,
            retryDelay: 1,
            // Only this brings back a job whose worker died.
            expireInSeconds: leaseSeconds * 2,
          })),
        );
      },
      status: (key) => answer(boss, key),
    };
  },
  async startWorker(servers) {
    void work(await open(servers, true), servers.concurrency);
  },
  async openViews(servers) {
    const boss = await open(servers, false);
    return {
      views: { table: (key) => answer(boss, key) },
      close: () => boss.stop({ graceful: false, timeout: 1_000 }),
    };
  },
};
