import { openService } from "@lockstep/server/internal/service";
import { Redis as Client } from "ioredis";
import { pino } from "pino";
import { expect, it } from "vitest";
import { kind, newFolder } from "../../packages/lockstep/test/worker/setup.js";
import { createClient } from "../../packages/server/test/client.js";
import { startPostgres } from "../servers/database.js";
import { startRedis } from "../servers/redis.js";
import { waitFor } from "../servers/wait-for.js";

it("DATABASE_URL and REDIS_URL are enough for copies, wake-ups, health, metrics and cached reads", async () => {
  const [postgres, redisServer] = await Promise.all([startPostgres(), startRedis()]);
  const logger = pino({ level: "silent" });
  const runtime = await openService({
    databaseUrl: postgres.url,
    redisUrl: redisServer.url,
    resultPrefix: "shop:result:",
    dataDir: await newFolder(),
    leaseSeconds: 30,
    logger,
  });
  const redis = new Client(redisServer.url);
  try {
    const definitions = [kind("double", ({ n }) => ({ twice: Number(n) * 2 }))];
    const { url } = await runtime.startServer({ definitions, host: "127.0.0.1", port: 0, version: "0" });
    await runtime.startWorker({ definitions, concurrency: 2, queues: [] });
    const client = createClient(url);
    const { body: job } = await client.post("/api/jobs", { kind: "double", input: { n: 21 } });
    expect((await client.get(`/api/status/${job.id}?wait=20`)).body).toMatchObject({
      status: "completed",
      source: "ledger",
    });
    const copy = await waitFor(
      async () => {
        const text = await redis.get(`shop:result:${job.id}`);
        return text?.includes('"completed"') ? JSON.parse(text) : null;
      },
      { what: "the copy in Redis" },
    );
    expect(copy).toMatchObject({ status: "completed", version: 3, results: { twice: 42 } });
    await waitFor(
      async () => {
        const text = String((await client.get("/metrics")).body);
        return [
          "lockstep_redis_up 1",
          "lockstep_ledger_completed_total 1",
          "lockstep_jobs_submitted_total 1",
        ].every((line) => text.includes(`${line}\n`));
      },
      { what: "the metrics" },
    );
    expect((await client.get("/health/ready")).body).toMatchObject({
      status: "ready",
      dependencies: [
        { name: "database", status: "up" },
        { name: "redis", status: "up" },
      ],
    });
    await postgres.stop();
    expect((await client.get(`/api/status/${job.id}`)).body).toMatchObject({
      status: "completed",
      results: { twice: 42 },
      source: "cache",
    });
    await postgres.start();
    await waitFor(async () => (await client.get(`/api/status/${job.id}`)).body.source === "ledger", {
      what: "the ledger to answer again",
    });
  } finally {
    redis.disconnect();
    await runtime.close();
    await Promise.all([postgres.remove(), redisServer.remove()]);
  }
});
