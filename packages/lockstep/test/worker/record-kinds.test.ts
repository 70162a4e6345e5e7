import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { freshDatabase } from "../../../../tests/servers/database.js";
import { defineJob } from "../../src/job/index.js";
import { openRuntime } from "../../src/runtime.js";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

it("a worker records its kinds when it starts, once, and reports one that it cannot describe", async () => {
  const database = await freshDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "lockstep-test-"));
  const log: { kind?: string; level: number }[] = [];
  const runtime = await openRuntime({
    ...{ databaseUrl: database.url, redisUrl: null, dataDir, leaseSeconds: 30 },
    logger: pino({ level: "warn" }, { write: (line: string) => void log.push(JSON.parse(line)) }),
  });
  cleanups.push(
    () => database.drop(),
    () => rm(dataDir, { recursive: true }),
    () => runtime.close(),
  );
  const run = () => null;
  const start = {
    definitions: [
      defineJob({ kind: "resize", queue: "images", input: z.object({ url: z.url() }), run }),
      defineJob({ kind: "strange", input: z.string().meta({ title: "\u0000" }), run }),
    ],
    ...{ concurrency: 1, queues: [] },
  };
  await runtime.startWorker(start);
  expect(await runtime.ledger.kinds.find(["resize", "strange"])).toMatchObject([
    { kind: "resize", queue: "images", input_schema: { required: ["url"] } },
    { kind: "strange", queue: "default", input_schema: null },
  ]);
  expect(log.map(({ kind }) => kind)).toEqual(["strange"]);
  await runtime.database.query("update lockstep.kinds set version_hash = 'of a newer process'");
  await runtime.startWorker(start);
  expect(await runtime.ledger.kinds.find(["resize"])).toMatchObject([{ version_hash: "of a newer process" }]);
});
