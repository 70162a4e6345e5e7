import { createLockstep, defineJob, type Lockstep } from "lockstep";
import pg from "pg";
import { expect, it } from "vitest";
import { z } from "zod";
import { newFolder } from "../../packages/lockstep/test/worker/setup.js";
import { freshDatabase } from "../servers/database.js";
import { startPgbouncer } from "../servers/pgbouncer.js";

const SCHEMAS = ["lockstep_of_shop", "lockstep_of_lab"] as const;
const JOBS = 20;

/** In transaction mode the next transaction of anybody may get a session with this setting. */
async function leaveSearchPath(url: string): Promise<void> {
  const clients = Array.from({ length: 4 }, () => new pg.Client({ connectionString: url }));
  for (const client of clients) await client.connect();
  // All at once, so that each has a session of its own.
  for (const client of clients) await client.query("begin");
  for (const client of clients) await client.query("set search_path = other, public");
  for (const client of clients) await client.query("commit");
  for (const client of clients) await client.end();
}

it("two ledgers behind one pgbouncer keep apart, whatever search path its sessions have", async () => {
  const database = await freshDatabase();
  const pgbouncer = await startPgbouncer(database.url);
  const direct = new pg.Client({ connectionString: database.url });
  await direct.connect();
  await direct.query(
    "create schema other; create table other.jobs (n integer); create table jobs (title text)",
  );
  const opened: Lockstep[] = [];
  try {
    await leaveSearchPath(pgbouncer.url);
    const ran: string[] = [];
    const ledgers = [];
    for (const schema of SCHEMAS) {
      const greet = defineJob({
        kind: "greet",
        input: z.object({ n: z.number() }),
        run: async ({ n }, ctx) =>
          await ctx.commit(async () => {
            ran.push(schema);
            return { n };
          }),
      });
      const lockstep = await createLockstep({
        databaseUrl: pgbouncer.url,
        schema,
        jobs: [greet],
        dataDir: await newFolder(),
      });
      opened.push(lockstep);
      await lockstep.work({ concurrency: 4 });
      ledgers.push({ lockstep, greet });
    }
    await leaveSearchPath(pgbouncer.url);
    const own = new pg.Client({ connectionString: pgbouncer.url });
    await own.connect();
    for (const { lockstep, greet } of ledgers) {
      await own.query("begin");
      const tx = await lockstep.submit(greet, { n: -1 }, { tx: own });
      await own.query("commit");
      const inputs = Array.from({ length: JOBS }, (_, n) => ({ n }));
      const jobs = await Promise.all(inputs.map((input) => lockstep.submit(greet, input)));
      for (const job of [tx, ...jobs])
        expect(await lockstep.wait(job)).toMatchObject({
          status: "completed",
          output: { n: expect.any(Number) },
        });
    }
    await own.end();
    for (const schema of SCHEMAS) {
      expect(ran.filter((each) => each === schema)).toHaveLength(JOBS + 1);
      const { rows } = await direct.query(`select count(*)::integer as n from ${schema}.jobs`);
      expect(rows).toEqual([{ n: JOBS + 1 }]);
    }
    for (const table of ["other.jobs", "public.jobs"])
      expect((await direct.query(`select from ${table}`)).rowCount).toBe(0);
  } finally {
    for (const lockstep of opened) await lockstep.close();
    await direct.end();
    await pgbouncer.remove();
    await database.drop();
  }
});
