import type { Runner } from "graphile-worker";
import pg from "pg";
import type { Contender, Input } from "../contender.js";
import { rival, rivalVersion } from "../rivals.js";

const HANDLERS = 100;
const LOCKED_AHEAD = 500;

/**
 * With its local queue and batched completion, which its documentation recommends for throughput.
 */
export const graphileWorker: Contender = {
  name: "graphile-worker",
  version: rivalVersion("graphile-worker"),
  promises: {
    durable: "yes, fsync",
    history: "none: a finished job is deleted",
    running: "no: 500 are locked ahead",
  },
  uses: { postgres: true, redis: false },
  async open({ databaseUrl }) {
    const { Logger, makeWorkerUtils, run } = await rival<typeof import("graphile-worker")>("graphile-worker");
    const silent = new Logger(() => () => undefined);
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
    pool.on("error", () => undefined);
    pool.on("connect", (client) => client.on("error", () => undefined));
    const utils = await makeWorkerUtils({ pgPool: pool, logger: silent });
    await utils.migrate();
    let runner: Runner | null = null;
    const count = async (where: string, values: unknown[] = []) => {
      const { rows } = await pool.query(`select from graphile_worker._private_jobs ${where} limit 1`, values);
      return rows.length;
    };
    return {
      submitMany: async (inputs) =>
        void (await utils.addJobs(
          inputs.map((payload) => ({ identifier: "noop", payload: { ...payload } })),
        )),
      submitOne: async (payload) => (await utils.addJob("noop", { ...payload })).id,
      async work(onRun) {
        runner = await run({
          taskList: { noop: async (payload) => onRun(payload as Input) },
          preset: {
            worker: {
              concurrentJobs: HANDLERS,
              pollInterval: 2_000,
              localQueue: { size: LOCKED_AHEAD },
              completeJobBatchDelay: 0,
              failJobBatchDelay: 0,
            },
          },
          pgPool: pool,
          logger: silent,
          noHandleSignals: true,
        });
      },
      isVisiblyDone: async (id) => (await count("where id = $1", [id])) === 0,
      isEmpty: async () => (await count("")) === 0,
      async close() {
        await runner?.stop();
        await utils.release();
        if (!pool.ended) await pool.end();
      },
    };
  },
};
