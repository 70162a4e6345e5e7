import pg from "pg";
import type { Contender, Input } from "../contender.js";
import { rival, rivalVersion } from "../rivals.js";

const QUEUE = "bench";
const FETCH = 500;
const LOOPS = 4;
const POLL_MS = 2;

/** The part of pg-boss 12 that is used here; the project itself has an older version. */
interface Boss {
  on(event: "error", listener: () => void): void;
  start(): Promise<unknown>;
  createQueue(name: string): Promise<void>;
  insert(name: string, jobs: readonly { readonly data: object }[]): Promise<unknown>;
  send(name: string, data: object): Promise<string | null>;
  fetch<T>(
    name: string,
    options: { batchSize: number },
  ): Promise<{ readonly id: string; readonly data: T }[]>;
  complete(name: string, ids: readonly string[]): Promise<unknown>;
  getJobById(name: string, id: string): Promise<{ readonly state: string } | null>;
  stop(options: { graceful: boolean; timeout: number }): Promise<void>;
}

/** Four loops that fetch 500 at once and complete them together. */
export const pgBoss: Contender = {
  name: "pg-boss",
  version: rivalVersion("pg-boss"),
  promises: {
    durable: "yes, fsync",
    history: "last status only",
    running: "no: up to 2,000 are fetched ahead",
  },
  uses: { postgres: true, redis: false },
  async open({ databaseUrl }) {
    const { PgBoss } = await rival<{ PgBoss: new (options: object) => Boss }>("pg-boss");
    const boss = new PgBoss({ connectionString: databaseUrl, max: 20, schedule: false, supervise: false });
    boss.on("error", () => undefined);
    await boss.start();
    await boss.createQueue(QUEUE);
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
    let working = true;
    const loops: Promise<void>[] = [];
    const loop = async (onRun: (input: Input) => void) => {
      while (working) {
        const jobs = await boss.fetch<Input>(QUEUE, { batchSize: FETCH });
        for (const job of jobs) onRun(job.data);
        if (jobs.length > 0)
          await boss.complete(
            QUEUE,
            jobs.map((job) => job.id),
          );
        else await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    };
    return {
      submitMany: async (inputs) =>
        void (await boss.insert(
          QUEUE,
          inputs.map((data) => ({ data })),
        )),
      submitOne: async (input) => (await boss.send(QUEUE, { ...input })) ?? "",
      async work(onRun) {
        for (let n = 0; n < LOOPS; n++) loops.push(loop(onRun));
      },
      isVisiblyDone: async (id) => (await boss.getJobById(QUEUE, id))?.state === "completed",
      async isEmpty() {
        const { rows } = await pool.query(
          "select from pgboss.job where name = $1 and state < 'completed' limit 1",
          [QUEUE],
        );
        return rows.length === 0;
      },
      async close() {
        working = false;
        await Promise.all(loops);
        await pool.end();
        await boss.stop({ graceful: false, timeout: 1_000 });
      },
    };
  },
};
