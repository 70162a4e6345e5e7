import { openService, type Service } from "@lockstep/server/internal/service";
import { Redis as Client } from "ioredis";
import { pino } from "pino";
import { expect, it } from "vitest";
import { kind, newFolder } from "../../packages/lockstep/test/worker/setup.js";
import { createClient } from "../../packages/server/test/client.js";
import { openEvents } from "../../packages/server/test/event-client.js";
import { freshDatabase } from "../servers/database.js";
import { startPgbouncer } from "../servers/pgbouncer.js";
import { startRedis } from "../servers/redis.js";
import { waitFor } from "../servers/wait-for.js";

const JOBS = 60;

it("behind pgbouncer in transaction mode servers and workers do everything except listen and copy", async () => {
  const [database, redisServer] = await Promise.all([freshDatabase(), startRedis()]);
  const pgbouncer = await startPgbouncer(database.url);
  const redis = new Client(redisServer.url);
  const opened: Service[] = [];
  const open = async (databaseUrl: string) => {
    const runtime = await openService({
      databaseUrl,
      redisUrl: redisServer.url,
      dataDir: await newFolder(),
      leaseSeconds: 30,
      logger: pino({ level: "silent" }),
    });
    opened.push(runtime);
    return runtime;
  };
  try {
    // Migrations too: this process is the first one.
    const [first, second] = [await open(pgbouncer.url), await open(pgbouncer.url)];
    const definitions = [
      kind("double", async ({ n }, ctx) => {
        ctx.log("doubling");
        if (Number(n) % 7 === 0 && ctx.job.attempt === 1) throw new Error("not yet");
        return await ctx.commit(async (tx) => {
          await tx.query("select 1");
          return { twice: Number(n) * 2 };
        });
      }),
    ];
    const { url } = await first.startServer({ definitions, host: "127.0.0.1", port: 0, version: "0" });
    await second.startWorker({ definitions, concurrency: 8, queues: [] });
    await second.startWorker({ definitions, concurrency: 8, queues: [] });
    const client = createClient(url);
    const events = await openEvents(`${url}/api/events`);
    await first.ledger.setLimit("default", { scope: "queue", concurrency: 6, rate: null });
    const jobs = Array.from({ length: JOBS }, (_, n) => ({ kind: "double", input: { n } }));
    const { body } = await client.post("/api/jobs/batch", { jobs });
    for (const [n, { id }] of (body.jobs as { id: string }[]).entries())
      expect((await client.get(`/api/status/${id}?wait=30`)).body).toMatchObject({
        status: "completed",
        results: { twice: n * 2 },
        source: "ledger",
      });
    await waitFor(
      () =>
        new Set(events.events.filter((e) => e.data.status === "completed").map((e) => e.data.job_id)).size ===
        JOBS,
      { what: "an event for every job" },
    );
    events.close();
    expect(await redis.keys("result:*")).toEqual([]);
    // One process that connects to the server directly writes the copies for all.
    await (await open(database.url)).startProjector();
    await waitFor(async () => (await redis.keys("result:*")).length === JOBS, { what: "the copies" });
  } finally {
    redis.disconnect();
    for (const runtime of opened.reverse()) await runtime.close();
    await pgbouncer.remove();
    await Promise.all([database.drop(), redisServer.remove()]);
  }
});
