import { Redis as Client } from "ioredis";
import { createLockstep, defineJob } from "lockstep";
import { expect, it } from "vitest";
import { z } from "zod";
import { newFolder } from "../../packages/lockstep/test/worker/setup.js";
import { DEADLINE_MS } from "../runner/deadline.js";
import { freshDatabase } from "../servers/database.js";
import { startRedis } from "../servers/redis.js";
import { waitFor } from "../servers/wait-for.js";

const double = defineJob({
  kind: "double",
  input: z.object({ n: z.number() }),
  run: ({ n }) => ({ twice: n * 2 }),
});

it("a program with a redisUrl writes the copies without further setup, and one that opts out leaves them to others", async () => {
  const [database, server] = await Promise.all([freshDatabase(), startRedis()]);
  const redis = new Client(server.url);
  const open = async (project: boolean) =>
    await createLockstep({
      databaseUrl: database.url,
      redisUrl: server.url,
      project,
      jobs: [double],
      dataDir: await newFolder(),
    });
  const asIs = await open(false);
  let projecting: typeof asIs | null = null;
  try {
    await asIs.work();
    const job = await asIs.submit(double, { n: 21 });
    await asIs.wait(job, { timeout: DEADLINE_MS });
    expect(await redis.keys("*")).toEqual([]);
    projecting = await open(true);
    const copy = await waitFor(async () => await redis.get(`result:${job.id}`), {
      what: "the copy in Redis",
    });
    expect(JSON.parse(copy)).toMatchObject({ status: "completed", results: { twice: 42 } });
  } finally {
    await projecting?.close();
    await asIs.close();
    redis.disconnect();
    await Promise.all([database.drop(), server.remove()]);
  }
});
