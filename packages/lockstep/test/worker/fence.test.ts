import { expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { openDatabase } from "../../src/database/index.js";
import { newId } from "../../src/job/index.js";
import { openLedger } from "../../src/ledger/index.js";
import { ENGINES, openBench } from "../ledger/engines.js";
import { takeAway } from "../ledger/take-away.js";
import { openProxy } from "./proxy.js";
import { blockingHandler, kind, startWorker, submit, terminal, until } from "./setup.js";

it.each(ENGINES)(
  "a worker that lost its job on %s can neither report progress nor log nor settle it",
  async (engine) => {
    const place = await openBench(engine);
    const [first, second] = [blockingHandler(), blockingHandler()];
    let speak: (text: string) => void = () => undefined;
    const zombie = kind("blocking", (input, ctx) => {
      speak = (text) => {
        ctx.progress(0.1, text);
        ctx.log(text);
      };
      return first.run(false)(input, ctx);
    });
    const id = await submit(place, "blocking");
    const loser = await startWorker(place, { definitions: [zombie], concurrency: 1, name: "loser" });
    await waitFor(() => first.inside().length === 1, { what: "the first attempt" });
    await takeAway(place.database, id);
    speak("from the grave");
    await startWorker(place, { definitions: [kind("blocking", second.run(true))], concurrency: 1 });
    await waitFor(() => second.inside().length === 1, { what: "the second attempt" });
    await waitFor(() => first.aborted.length === 1, { what: "the first worker to abort its handler" });
    expect(first.aborted).toEqual(["LEASE_LOST"]);

    first.letGo(1, "from the grave");
    const late = await waitFor(async () => (await place.ledger.lateResults(id))[0], {
      what: "the late result",
    });
    expect(late).toMatchObject({ attempt: 1, worker_id: loser.id, outcome: { output: "from the grave" } });
    expect(await place.ledger.get(id)).toMatchObject({ status: "running", attempt: 2, progress: null });

    second.letGo(1, "from the living");
    expect(await terminal(place, id)).toMatchObject({
      status: "completed",
      output: "from the living",
      attempt: 2,
    });
    expect(await place.ledger.logs(id, {})).toEqual([]);
  },
);

it("a worker that lost its job cannot commit its writes", async () => {
  const place = await openBench("postgres");
  await place.database.query("create table effects (n integer)");
  const handler = blockingHandler();
  const outcomes: unknown[] = [];
  const definition = kind("effect", async (input, ctx) => {
    await handler.run(false)(input, ctx);
    await ctx
      .commit(async (tx) => {
        await tx.query("insert into effects values (1)");
        return null;
      })
      .catch((error: { code: string }) => outcomes.push(error.code));
  });
  const id = await submit(place, "effect");
  await startWorker(place, { definitions: [definition], concurrency: 1, graceSeconds: 60 });
  await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
  const other = await registered(place);
  await takeAway(place.database, id);
  await place.ledger.turn([], {
    worker_id: other,
    queue: "default",
    kinds: ["effect"],
    limit: 1,
    after: null,
  });
  handler.letGo();
  await waitFor(() => outcomes.length === 1, { what: "the commit to be refused" });
  expect(outcomes).toEqual(["FENCED"]);
  expect((await place.database.query("select from effects")).rows).toEqual([]);
  expect(await place.ledger.get(id)).toMatchObject({ status: "running", attempt: 2, worker_id: other });
});

async function registered(place: Awaited<ReturnType<typeof openBench>>): Promise<string> {
  const id = newId();
  const worker = {
    name: "w",
    host: "h",
    pid: 1,
    queues: [],
    kinds: ["effect"],
    concurrency: 1,
    embedded: false,
  };
  await place.ledger.register({ id, ...worker });
  return id;
}

it("a claim whose answer was lost is found, and runs", async () => {
  const place = await openBench("postgres");
  const proxy = await openProxy(place.url!);
  const database = await openDatabase({ url: proxy.url });
  const throughProxy = { ledger: openLedger(database), database, url: place.url };
  const handler = blockingHandler();
  proxy.loseAnswersWith("blocking");
  const id = await submit(place, "blocking");
  const worker = await startWorker(throughProxy, {
    definitions: [kind("blocking", handler.run(true))],
    concurrency: 2,
  });
  const claimed = await until(place, id, (job) => job.status === "running", {
    what: "the claim to be committed",
  });
  await waitFor(() => proxy.lost() > 0, { what: "its answer to be lost" });
  expect(handler.inside()).toEqual([]);
  proxy.restore();
  await waitFor(() => handler.inside().includes(id), { what: "the job to get its handler" });
  handler.letGo();
  expect(await terminal(place, id)).toMatchObject({ status: "completed", attempt: claimed.attempt });
  await worker.stop();
  await database.close();
  await proxy.close();
});

it("an outcome whose acknowledgement was lost is settled once", async () => {
  const place = await openBench("postgres");
  const proxy = await openProxy(place.url!);
  const database = await openDatabase({ url: proxy.url });
  const throughProxy = { ledger: openLedger(database), database, url: place.url };
  const handler = blockingHandler();
  const id = await submit(place, "blocking");
  const worker = await startWorker(throughProxy, {
    definitions: [kind("blocking", handler.run(true))],
    concurrency: 1,
  });
  await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
  // The answer to a turn with a completed attempt names it so.
  proxy.loseAnswersWith("settled");
  handler.letGo(1, "once");
  const job = await terminal(place, id);
  await waitFor(() => worker.health().spool_records === 1, {
    what: "the outcome to be spooled while nobody answers",
  });
  proxy.restore();
  await waitFor(() => worker.health().spool_records === 0, { what: "the outcome to be acknowledged" });
  expect(await place.ledger.get(id)).toMatchObject({
    status: "completed",
    output: "once",
    version: job.version,
  });
  expect(await place.ledger.lateResults(id)).toEqual([]);
  await worker.stop();
  await database.close();
  await proxy.close();
});

it("a worker that can write an outcome neither to the ledger nor to disk claims nothing until it can", async () => {
  const place = await openBench("postgres");
  const proxy = await openProxy(place.url!);
  const database = await openDatabase({ url: proxy.url });
  const throughProxy = { ledger: openLedger(database), database, url: place.url };
  const handler = blockingHandler();
  const id = await submit(place, "blocking");
  let tries = 0;
  const openSpoolFile = () => {
    tries += 1;
    return Promise.reject(Object.assign(new Error("read-only file system"), { code: "EROFS" }));
  };
  const worker = await startWorker(throughProxy, {
    definitions: [kind("blocking", handler.run(true))],
    openSpoolFile,
  });
  await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
  proxy.loseAnswersWith("settled");
  handler.letGo(1, "homeless");
  await waitFor(() => worker.health().degraded, { what: "the worker to be degraded" });
  // A claim already in progress may still have found the first of these.
  await untouched();
  const next = await untouched();
  expect(await place.ledger.get(next)).toMatchObject({ status: "pending", attempt: 0 });
  expect(worker.health()).toMatchObject({ degraded: true, spool_records: 0 });
  proxy.restore();
  await waitFor(() => handler.inside().includes(next), { what: "the worker to claim again" });
  expect(worker.health().degraded).toBe(false);
  expect(await place.ledger.get(id)).toMatchObject({ status: "completed", output: "homeless" });
  handler.letGo(2);
  await worker.stop();
  await database.close();
  await proxy.close();

  /** Submits a job and gives the worker time to claim it: it tries the disk ten times a second. */
  async function untouched(): Promise<string> {
    const submitted = await submit(place, "blocking");
    const before = tries;
    await waitFor(() => tries >= before + 10, { what: "ten more tries to write to the disk" });
    return submitted;
  }
});
