import { describe, expect, it } from "vitest";
import { newId } from "../../src/job/index.js";
import {
  type Bench,
  claimOne,
  completed,
  ENGINES,
  openBench,
  openSecond,
  registerWorker,
  settle,
  submitNoop,
} from "./engines.js";

describe.each(ENGINES)("claiming a job by its id on %s", (engine) => {
  it("grants exactly that job, as a turn would", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    const wanted = await submitNoop(bench, { timeout_ms: 60_000 });
    const job = await bench.ledger.claimJob(worker, wanted.id);
    expect(job).toMatchObject({
      id: wanted.id,
      status: "running",
      attempt: 1,
      version: 2,
      worker_id: worker,
    });
    expect(job?.deadline_at).not.toBeNull();
    expect(await bench.ledger.transitions(wanted.id)).toMatchObject([
      { reason: "submitted" },
      { reason: "claimed", actor: `worker:${worker}`, attempt: 1 },
    ]);
    expect((await settle(bench, job!, completed())).result).toBe("accepted");
  });

  it.each<[string, (bench: Bench, worker: string) => Promise<string>]>([
    ["does not exist", async () => newId()],
    [
      "is already running",
      async (bench, worker) => {
        await submitNoop(bench);
        return (await claimOne(bench, worker)).id;
      },
    ],
    [
      "has ended",
      async (bench, worker) => {
        await submitNoop(bench);
        const job = await claimOne(bench, worker);
        await settle(bench, job, completed());
        return job.id;
      },
    ],
    [
      "is not due",
      async (bench) => (await submitNoop(bench, { run_at: new Date(Date.now() + 60_000).toISOString() })).id,
    ],
    [
      "waits in a paused queue",
      async (bench) => {
        const { id, queue } = await submitNoop(bench);
        await bench.ledger.setPaused(queue, true);
        return id;
      },
    ],
  ])("grants nothing when the job %s, and changes nothing", async (_why, prepare) => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const id = await prepare(bench, worker);
    const before = await bench.ledger.get(id);
    expect(await bench.ledger.claimJob(worker, id)).toBeNull();
    expect((await bench.ledger.get(id))?.version).toBe(before?.version);
  });

  it("grants it once when two workers ask at the same time, or one asks twice", async () => {
    const bench = await openBench(engine);
    const workers = [await registerWorker(bench), await registerWorker(bench)];
    for (let round = 0; round < 10; round += 1) {
      const { id } = await submitNoop(bench);
      const asked = [...workers, ...workers].map((worker) => bench.ledger.claimJob(worker, id));
      const granted = (await Promise.all(asked)).filter((job) => job !== null);
      expect(granted).toHaveLength(1);
      expect(await bench.ledger.get(id)).toMatchObject({ attempt: 1, worker_id: granted[0]?.worker_id });
    }
  });
});

it("two processes that ask for the same hundred jobs share them, and each job is granted once", async () => {
  const bench = await openBench("postgres");
  const other = await openSecond(bench);
  const workers = [await registerWorker(bench), await registerWorker(other)] as const;
  const jobs = await Promise.all(Array.from({ length: 100 }, () => submitNoop(bench)));
  const granted = await Promise.all([
    ...jobs.map(({ id }) => bench.ledger.claimJob(workers[0], id)),
    ...jobs.map(({ id }) => other.ledger.claimJob(workers[1], id)),
  ]);
  const ids = granted.flatMap((job) => (job === null ? [] : [job.id]));
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id } of jobs) expect((await bench.ledger.get(id))?.attempt).toBe(ids.includes(id) ? 1 : 0);
  // Skip locked: a job that the two blocked for each other is still pending, and can be claimed
  // now.
  for (const { id } of jobs.filter((job) => !ids.includes(job.id)))
    expect(await bench.ledger.claimJob(workers[0], id)).not.toBeNull();
});

it("a job's row in bullmq_entries is deleted with the job", async () => {
  const bench = await openBench("postgres");
  const worker = await registerWorker(bench);
  await submitNoop(bench);
  const job = await claimOne(bench, worker);
  await settle(bench, job, completed());
  await bench.database.query("insert into bullmq_entries values ($1, '{}')", [job.id]);
  await bench.database.query("delete from jobs");
  expect((await bench.database.query("select from bullmq_entries")).rows).toEqual([]);
});
