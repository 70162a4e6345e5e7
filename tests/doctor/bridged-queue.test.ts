import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Doctor, parseDoctorConfig } from "@lockstep/doctor";
import { Queue } from "bullmq";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { openLockstepStores } from "../../packages/cli/src/lockstep-stores.js";
import { connectionTo } from "../../packages/doctor/test/views/bullmq-versions.js";
import { openBench } from "../../packages/lockstep/test/ledger/engines.js";
import { startRedis } from "../servers/redis.js";

it("a pending job whose entry BullMQ lost is found and left to the bridge, and jobs of other queues are not drift", async () => {
  const bench = await openBench("postgres");
  const server = await startRedis();
  onTestFinished(() => server.remove());
  const name = `mail-${randomUUID()}`;
  const queue = new Queue(name, { connection: connectionTo(server) });
  onTestFinished(() => queue.close());
  const jobs = await bench.ledger.submitMany(
    Array.from({ length: 6 }, () => ({ kind: "echo", input: {}, queue: name })),
  );
  await bench.ledger.submit({ kind: "echo", input: {}, queue: "other" });
  for (const { job } of jobs) await queue.add("echo", {}, { jobId: job.id });
  const lost = jobs[3]?.job.id ?? "";
  await queue.remove(lost);

  const stateDir = mkdtempSync(join(tmpdir(), "lockstep-bridged-"));
  onTestFinished(() => rmSync(stateDir, { recursive: true }));
  const config = parseDoctorConfig(
    JSON.stringify({
      record: "ledger",
      quiet_period: "100ms",
      views: {
        ledger: { type: "ledger", url: bench.url, queue: name },
        entries: { type: "bullmq", url: server.url, queue: name, keeps_finished: true },
      },
    }),
    {},
  );
  const own = openLockstepStores({
    dataDir: stateDir,
    schema: "lockstep",
    logger: pino({ level: "silent" }),
  });
  const doctor = new Doctor({ config, stateDir, own });
  onTestFinished(() => doctor.close());
  const { check, skip_examples } = await doctor.plan({ prefer: {}, acceptMapping: false });
  expect(check).toMatchObject({
    compared: 6,
    drifting: 1,
    patterns: [{ pattern: "lost-enqueue", examples: [lost] }],
  });
  expect(skip_examples).toMatchObject([{ id: lost, why: expect.stringContaining("cannot add jobs to") }]);
});
