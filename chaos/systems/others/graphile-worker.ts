import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";
import type { Work } from "../system.js";
import { doWork } from "../work.mjs";
import { ABSENT, type Answer, ATTEMPTS_MAX, type Design, type Servers } from "./design.js";
import { versionOf } from "./version.js";

const silent = new Logger(() => () => undefined);

function openPool({ databaseUrl }: Servers): pg.Pool {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10, connectionTimeoutMillis: 5_000 });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

interface Row {
  readonly attempts: number;
  readonly max_attempts: number;
  readonly locked_at: Date | null;
}

/** A completed job is deleted, so its completion cannot be read. */
async function answer(pool: pg.Pool, key: string): Promise<Answer> {
  const { rows } = await pool.query<Row>(
    "select attempts, max_attempts, locked_at from graphile_worker.jobs where key = $1",
    [key],
  );
  const [row] = rows;
  if (!row) return ABSENT;
  if (row.locked_at !== null) return { status: "running" };
  return { status: row.attempts >= row.max_attempts ? "failed" : "pending" };
}

export const graphileWorker: Design = {
  name: "graphile-worker",
  version: versionOf("graphile-worker"),
  apiProcesses: 2,
  async prepare(servers) {
    const utils = await makeWorkerUtils({ connectionString: servers.databaseUrl, logger: silent });
    await utils.migrate();
    await utils.release();
  },
  async startApi(servers) {
    const pool = openPool(servers);
    const utils = await makeWorkerUtils({ pgPool: pool, logger: silent });
    return {
      async submit(works) {
        await utils.addJobs(
          works.map((payload) => ({
            identifier: "work",
            payload: { ...payload },
            jobKey: payload.key,
            maxAttempts: ATTEMPTS_MAX,
          })),
        );
      },
      status: (key) => answer(pool, key),
    };
  },
  async startWorker(servers) {
    await run({
      pgPool: openPool(servers),
      concurrency: servers.concurrency,
      pollInterval: 500,
      noHandleSignals: true,
      logger: silent,
      taskList: {
        work: async (payload, { job }) =>
          void (await doWork(payload as unknown as Work, job.attempts, { attemptKnown: false })),
      },
    });
  },
  async openViews(servers) {
    const pool = openPool(servers);
    return { views: { table: (key) => answer(pool, key) }, close: () => pool.end() };
  },
};
