import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it } from "vitest";
import { DEADLINE_MS } from "../../../../tests/runner/deadline.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { heartbeatInThread } from "../../src/worker/heartbeat-in-thread.js";
import { ENGINES, openBench, registerWorker } from "../ledger/engines.js";
import { takeAway } from "../ledger/take-away.js";
import { openProxy } from "./proxy.js";
import { blockingHandler, kind, newFolder, startWorker, submit, terminal, until } from "./setup.js";
import { startWorkerProcess } from "./worker-process.js";

it("a handler that blocks the event loop for longer than the lease does not lose its job", async () => {
  const place = await openBench("postgres", { leaseSeconds: 5 });
  const child = startWorkerProcess({ url: place.url!, dataDir: await newFolder(), leaseSeconds: 5 });
  await waitFor(() => child.latest(), { what: "the worker to start" });
  // The sweeper runs in another process that never sleeps, and its reclaim grace period is over.
  const maintenance = place.ledger.createMaintenance({ leaseSeconds: 5, graceSeconds: 0 });
  await maintenance.start();
  const id = await submit(place, "block", { ms: 8_000 });
  const job = await terminal(place, id);
  await maintenance.stop();
  expect(job).toMatchObject({
    status: "completed",
    attempt: 1,
    failures: 0,
    output: { attempt: 1, aborted: false },
  });
});

it("a process that sleeps longer than its lease loses its job, and cannot harm the next attempt when it wakes up", async () => {
  const place = await openBench("postgres");
  const dataDir = await newFolder();
  const file = join(dataDir, "go");
  const child = startWorkerProcess({ url: place.url!, dataDir, leaseSeconds: 30 });
  const id = await submit(place, "gate", { file });
  await waitFor(() => child.latest()?.jobs.includes(id), { what: "the handler to run" });
  child.process.kill("SIGSTOP");
  await takeAway(place.database, id);

  const handler = blockingHandler();
  await startWorker(place, { definitions: [kind("gate", handler.run(true))] });
  await waitFor(() => handler.inside().length === 1, { what: "the second attempt to run" });
  await writeFile(file, "");
  child.process.kill("SIGCONT");
  const late = await waitFor(async () => (await place.ledger.lateResults(id))[0], {
    what: "the late result",
  });
  expect(late).toMatchObject({ attempt: 1, outcome: { type: "completed", output: { attempt: 1 } } });
  handler.letGo(1, "the second attempt's");
  expect(await terminal(place, id)).toMatchObject({
    status: "completed",
    attempt: 2,
    output: "the second attempt's",
  });
});

it("a worker whose heartbeats do not arrive aborts its handlers before the ledger takes their jobs, and claims again when heartbeats arrive", async () => {
  const place = await openBench("postgres");
  const proxy = await openProxy(place.url!);
  const handler = blockingHandler();
  const id = await submit(place, "blocking");
  const heartbeat = { mode: "thread", databaseUrl: proxy.url } as const;
  const worker = await startWorker(place, {
    definitions: [kind("blocking", handler.run(true))],
    concurrency: 1,
    leaseSeconds: 4.5,
    heartbeat,
  });
  await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
  proxy.cut();
  await waitFor(() => handler.aborted.length === 1, { what: "the signal" });
  expect(handler.aborted).toEqual(["LEASE_LOST"]);
  // The ledger has not noticed the silence yet: the job is given back, and no worker claims it.
  await until(place, id, (job) => job.reason === "released", { what: "the job to be given back" });
  expect(worker.health()).toMatchObject({ degraded: true, running: 0 });
  proxy.restore();
  await waitFor(() => handler.inside().length === 1, { what: "the job to run again" });
  expect(worker.health().degraded).toBe(false);
  handler.letGo();
  expect(await terminal(place, id)).toMatchObject({ status: "completed", attempt: 2, failures: 0 });
  await worker.stop();
  await proxy.close();
});

it.each(ENGINES)(
  "a worker on %s whose row is gone treats its jobs as lost, and registers again",
  async (engine) => {
    const place = await openBench(engine);
    const handler = blockingHandler();
    const id = await submit(place, "blocking");
    const worker = await startWorker(place, {
      definitions: [kind("blocking", handler.run(true))],
      leaseSeconds: 4.5,
    });
    await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
    await place.database.query(`delete from ${place.database.schema}.workers`);
    await waitFor(() => handler.aborted.length === 1, { what: "the signal" });
    expect(handler.aborted).toEqual(["LEASE_LOST"]);
    await waitFor(() => handler.inside().length === 1, { what: "the job to run again" });
    expect(await place.ledger.workers()).toMatchObject([{ id: worker.id, live: true }]);
    expect(await place.ledger.get(id)).toMatchObject({ status: "running", attempt: 2, failures: 0 });
    handler.letGo();
    await terminal(place, id);
  },
);

it.each(ENGINES)("an idle worker on %s keeps sending heartbeats", async (engine) => {
  const place = await openBench(engine, { leaseSeconds: 1 });
  const worker = await startWorker(place, { definitions: [kind("blocking", () => null)], leaseSeconds: 1 });
  const beats = async () => (await place.ledger.workers())[0]?.heartbeat_at;
  const seen = new Set<string | undefined>();
  await waitFor(async () => seen.add(await beats()).size >= 4, { what: "four beats" });
  await waitFor(() => (worker.health().heartbeat_age_ms ?? 1_000) < 1_000, {
    what: "the last beat to be known",
  });
});

it("the heartbeat thread stops sending heartbeats for an event loop that stays blocked", async () => {
  const place = await openBench("postgres");
  const workerId = await registerWorker(place);
  const heartbeat = heartbeatInThread({
    workerId,
    ledger: place.ledger,
    databaseUrl: place.url!,
    beatMs: 50,
    retryMs: 50,
    blockedSecondsMax: 3,
    logger: pino({ level: "silent" }),
    onGone: () => undefined,
  });
  const first = (await place.ledger.workers())[0]?.heartbeat_at;
  await waitFor(async () => (await place.ledger.workers())[0]?.heartbeat_at !== first, { what: "a beat" });
  // Blocked until the thread has been silent for much longer than the time between two heartbeats.
  let [beats, age] = [0, heartbeat.ageMs()];
  const giveUpAt = performance.now() + DEADLINE_MS;
  while (age < 2_000 && performance.now() < giveUpAt) {
    const before = age;
    age = heartbeat.ageMs();
    if (age < before) beats += 1;
  }
  expect(beats, "while it was stuck").toBeGreaterThan(0);
  expect(age).toBeGreaterThanOrEqual(2_000);
  await waitFor(() => heartbeat.ageMs() < 500, { what: "the heart to beat again" });
  await heartbeat.stop();
});
