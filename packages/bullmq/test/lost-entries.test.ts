import { Redis } from "ioredis";
import { openDatabase } from "lockstep/internal/database";
import { openBridgeStore } from "lockstep/internal/ledger";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { startPostgres } from "../../../tests/servers/database.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { Entries } from "../src/entries.js";
import { Reconciler } from "../src/reconciler.js";
import { createSyncMarker } from "../src/sync-marker.js";
import { Oracle } from "./oracle.js";
import { type Setup, setUp, theRedis, untilEntry, untilStatus, useRedis } from "./setup.js";

useRedis();

async function redisDo<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(theRedis().url);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

const flush = () => redisDo((redis) => redis.flushall());

/** A promise, and the function that resolves it. */
function latch(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const runningCount = async ({ ledger, queue }: Setup) =>
  (await ledger.list({ queue: queue.name, status: ["running"], limit: 1_000 })).jobs.length;

describe("FLUSHALL", () => {
  it("with jobs waiting, delayed and running: every pending job gets its entry back, and every job ends", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    const oracle = new Oracle(setup);
    const { opened, open } = latch();
    const jobs = await bridge.addBulk(
      Array.from({ length: 1_200 }, (_, n) => ({ job: "any", input: { n } })),
    );
    const later = await bridge.add("any", {}, { bullmq: { delay: 3_600_000, keepLogs: 7 } });
    await untilEntry(setup.queue, later.id, "delayed");
    setup.work(
      bridge.processor(() => opened.then(() => "done")),
      { concurrency: 20 },
    );
    await waitFor(async () => (await runningCount(setup)) === 20, { what: "20 running jobs" });
    await flush();
    await waitFor(
      async () => {
        const { waiting, delayed } = await setup.queue.getJobCounts("waiting", "delayed");
        return waiting === 1_180 && delayed === 1;
      },
      { what: "every pending job to be in BullMQ again" },
    );
    expect((await setup.queue.getJob(later.id))?.opts.keepLogs).toBe(7);
    open();
    await waitFor(
      async () => {
        const { jobs: open } = await setup.ledger.list({
          queue: setup.queue.name,
          status: ["pending", "running"],
        });
        return open.length === 1;
      },
      { what: "all but the delayed job to end" },
    );
    await waitFor(async () => (await setup.queue.getActiveCount()) === 0, {
      what: "BullMQ to have heard of it",
    });
    for (const { id } of jobs.slice(0, 50)) {
      // A job that ran during the flush has no entry; every other job has one that agrees.
      const state = await setup.queue.getJobState(id);
      expect(["completed", "unknown"]).toContain(state);
      expect(await setup.ledger.get(id)).toMatchObject({ status: "completed", attempt: 1 });
    }
    await oracle.stop();
    expect(oracle.violations).toEqual([]);
    expect(oracle.completions).toBeGreaterThan(0);
  });

  it("while no bridge is running is noticed by the next bridge", async () => {
    const setup = await setUp();
    const first = await setup.bridge();
    const job = await first.add("any", {});
    await untilEntry(setup.queue, job.id, "waiting");
    await first.close();
    await flush();
    const second = await setup.bridge({ reconcileEvery: "1h" });
    await untilEntry(setup.queue, job.id, "waiting");
    expect(second.health().readded).toBe(1);
  });

  it("in the middle of the walk that makes the entries again is noticed", async () => {
    const { queue } = await setUp();
    const syncMarker = createSyncMarker(queue);
    expect(await syncMarker.isComplete()).toBe(false);
    const interrupted = await syncMarker.begin();
    await flush();
    expect(await syncMarker.finish(interrupted)).toBe(false);
    const whole = await syncMarker.begin();
    expect(await syncMarker.isComplete()).toBe(false);
    expect(await syncMarker.finish(whole)).toBe(true);
    expect(await syncMarker.isComplete()).toBe(true);
    await flush();
    expect(await syncMarker.isComplete()).toBe(false);
  });
});

describe("a single lost entry", () => {
  it.each([
    ["was removed by hand", (setup: Setup, id: string) => setup.queue.remove(id)],
    [
      "is in none of BullMQ's lists",
      (setup: Setup, id: string) => redisDo((redis) => redis.lrem(setup.queue.toKey("wait"), 0, id)),
    ],
  ])("that %s is made again", async (_why, lose) => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    const job = await bridge.add("any", {});
    await untilEntry(setup.queue, job.id, "waiting");
    await lose(setup, job.id);
    expect(await setup.queue.getJobState(job.id)).toBe("unknown");
    await untilEntry(setup.queue, job.id, "waiting");
    expect(bridge.health().readded).toBeGreaterThan(0);
    const noted = await waitFor(
      async () => (await setup.ledger.doctorWrites.list({ jobId: job.id, limit: 1 }))[0],
      { what: "the repair to be noted" },
    );
    expect(noted).toMatchObject({
      actor: "bullmq",
      view: `bullmq:${setup.queue.name}`,
      action: "enqueue",
      outcome: "written",
      run: null,
    });
  });
});

describe("a job that is cancelled while the comparison is about to add its entry", () => {
  it("leaves no entry behind", async () => {
    const setup = await setUp();
    const { job } = await setup.ledger.submit({ kind: "any", input: {}, queue: setup.queue.name });
    const database = await openDatabase({ url: setup.url });
    setup.onCleanup(() => database.close());
    const store = openBridgeStore(database);
    const logger = pino({ level: "silent" });
    let reads = 0;
    const reconciler = new Reconciler({
      queue: setup.queue.name,
      entries: new Entries(setup.queue, logger),
      syncMarker: createSyncMarker(setup.queue),
      everyMs: 20,
      logger,
      isLeading: () => true,
      store: {
        walk: store.walk,
        noteAdded: store.noteAdded,
        async read(ids) {
          const rows = await store.read(ids);
          reads += 1;
          if (reads === 1) await setup.ledger.cancel(job.id, { actor: "test" });
          return rows;
        },
      },
    });
    reconciler.start();
    await waitFor(() => reconciler.readded === 1, { what: "the entry to be added" });
    await untilEntry(setup.queue, job.id, "unknown");
    await reconciler.stop();
  });
});

describe("while Redis is down", () => {
  it("a job is still recorded, and its entry follows when Redis is back", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    await waitFor(() => bridge.health().relaying, { what: "the relay" });
    await theRedis().stop();
    const job = await bridge.add("any", {}).finally(() => theRedis().start());
    expect(await setup.ledger.get(job.id)).toMatchObject({ status: "pending" });
    setup.work(bridge.processor(() => "done"));
    await untilEntry(setup.queue, job.id, "completed");
  });
});

describe("while the ledger is down", () => {
  it("a finished result waits for it, BullMQ shows active, and then both show completed after one run", async () => {
    const setup = await setUp();
    const postgres = await startPostgres();
    setup.onCleanup(() => postgres.remove());
    const bridge = await setup.bridge({ databaseUrl: postgres.url, lease: "60s" });
    const { opened, open } = latch();
    let runs = 0;
    setup.work(
      bridge.processor(async () => {
        runs += 1;
        await opened;
        return runs;
      }),
    );
    const job = await bridge.add("any", {});
    await untilEntry(setup.queue, job.id, "active");
    await waitFor(() => runs === 1, { what: "the handler" });
    await postgres.stop();
    open();
    // Several stalled checks pass: the entry stays where it is.
    const seen = new Set<string>();
    let [renewals, left] = [0, 0];
    await waitFor(
      async () => {
        seen.add(await setup.queue.getJobState(job.id));
        const before = left;
        left = await redisDo((redis) => redis.pttl(`${setup.queue.toKey(job.id)}:lock`));
        if (left > before) renewals += 1;
        return renewals > 4;
      },
      { what: "its lock to be renewed several times without the ledger" },
    );
    expect([...seen]).toEqual(["active"]);
    await postgres.start();
    await untilEntry(setup.queue, job.id, "completed");
    // A pool that was refused pauses before it connects again.
    const found = await waitFor(() => bridge.ledger.get(job.id).catch(() => null), { what: "the ledger" });
    expect(found).toMatchObject({ status: "completed", output: 1, attempt: 1 });
    await bridge.close();
  });

  it("for longer than a result waits, BullMQ shows a failure, and the job is run again", async () => {
    const setup = await setUp();
    const postgres = await startPostgres();
    setup.onCleanup(() => postgres.remove());
    const bridge = await setup.bridge({ databaseUrl: postgres.url, lease: "60s", settleWithin: "300ms" });
    const { opened, open } = latch();
    let runs = 0;
    const errors: string[] = [];
    const worker = setup.work(
      bridge.processor(async () => {
        runs += 1;
        await opened;
        return runs;
      }),
    );
    worker.on("failed", (_entry, error) => errors.push(error.name));
    const job = await bridge.add("any", {});
    await waitFor(() => runs === 1, { what: "the handler" });
    await postgres.stop();
    open();
    await waitFor(() => errors.length > 0, { what: "BullMQ to get the failure" });
    expect(errors[0]).toBe("DatabaseUnavailableError");
    await postgres.start();
    await untilEntry(setup.queue, job.id, "completed");
    expect(await bridge.ledger.get(job.id)).toMatchObject({ status: "completed", output: 2, attempt: 1 });
    await bridge.close();
  });
});

describe("two bridges", () => {
  it("one copies; when it is closed the other one does, and a job submitted in between is not lost", async () => {
    const setup = await setUp();
    const bridges = [await setup.bridge(), await setup.bridge()];
    const leads = () => bridges.filter((bridge) => bridge.health().relaying);
    await waitFor(() => leads().length === 1, { what: "one to lead" });
    const [leader] = leads();
    const [other] = bridges.filter((bridge) => bridge !== leader);
    await leader!.close();
    const job = await other!.add("any", {});
    await untilEntry(setup.queue, job.id, "waiting");
    expect(other!.health().relaying).toBe(true);
    await untilStatus(setup, job.id, "pending");
  });
});
