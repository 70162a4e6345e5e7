import { setImmediate as nextTick } from "node:timers/promises";
import { expect, it } from "vitest";
import { createArchiveLedger } from "../../src/ledger/archive.js";
import { openSecond } from "../ledger/engines.js";
import { type ArchiveBench, openArchive } from "./archived.js";

/** How many jobs there are with a key, as rows and archived. */
async function jobsOf({ database }: ArchiveBench, key: string): Promise<number> {
  const { rows } = await database.query<{ n: number }>(
    "select (select count(*) from jobs j where j.id in (select job_id from idempotency_keys where key = $1))::int + (select count(*) from archived_jobs a where a.id in (select job_id from idempotency_keys where key = $1))::int as n",
    [key],
  );
  return rows[0]?.n ?? 0;
}

/** Archives in a transaction, and commits it after `during`, which does not wait for it. */
async function whileArchiving<T>(bench: ArchiveBench, during: () => Promise<T>): Promise<T> {
  return await bench.database.transaction(async (tx) => {
    const ledger = createArchiveLedger({
      ...bench.database,
      query: (text, values) => tx.query(text, values),
    });
    expect(await bench.run({ ledger })).toMatchObject({ archived: 1 });
    return await during();
  });
}

it("a key that is submitted while its job is being archived still gives that job", async () => {
  const bench = await openArchive("postgres");
  const second = await openSecond(bench);
  const request = { kind: "noop", input: {}, idempotency_key: "k" };
  const job = await bench.finished(request);
  const { job: found, deduplicated } = await whileArchiving(bench, () => second.ledger.submit(request));
  expect([found.id, deduplicated]).toEqual([job.id, "idempotency_key"]);
  expect(await jobsOf(bench, "k")).toBe(1);
});

it("the same in a batch, whose other jobs are recorded", async () => {
  const bench = await openArchive("postgres");
  const second = await openSecond(bench);
  const request = { kind: "noop", input: {}, idempotency_key: "k" };
  const job = await bench.finished(request);
  const submitted = await whileArchiving(bench, () =>
    second.ledger.submitMany([{ kind: "noop", input: 1 }, request]),
  );
  expect(submitted[1]?.job.id).toBe(job.id);
  expect(await bench.rows()).toEqual([submitted[0]?.job.id]);
});

it("the same in the caller's transaction", async () => {
  const bench = await openArchive("postgres");
  const second = await openSecond(bench);
  const request = { kind: "noop", input: {}, idempotency_key: "k" };
  const job = await bench.finished(request);
  const submit = () =>
    second.database.transaction((tx) => second.ledger.submit(request, { tx: tx as never }));
  expect((await whileArchiving(bench, submit)).job.id).toBe(job.id);
  expect((await submit()).job.id).toBe(job.id);
  expect(await jobsOf(bench, "k")).toBe(1);
});

it("a key never gets a second job, however submits and the archive interleave", async () => {
  const bench = await openArchive("postgres");
  const second = await openSecond(bench);
  for (let n = 0; n < 25; n++) {
    const request = { kind: "noop", input: {}, idempotency_key: `k${n}` };
    const job = await bench.finished(request);
    const submits = Array.from({ length: 6 }, () => second.ledger.submit(request));
    const [, ...answers] = await Promise.all([bench.run(), ...submits]);
    expect(new Set(answers.map((answer) => answer.job.id))).toEqual(new Set([job.id]));
    expect(await jobsOf(bench, `k${n}`)).toBe(1);
  }
});

it("a job that is archived and retried at the same time is one or the other, and the caller learns which", async () => {
  const bench = await openArchive("postgres");
  const second = await openSecond(bench);
  const seen = new Set<boolean>();
  let tookMs = 0;
  // Until each has won at least once, whichever starts later.
  for (let n = 0; n < 1_000 && (n < 25 || seen.size < 2); n++) {
    const job = await bench.finished();
    const later = async () => {
      // At another moment of the archive's run each time.
      const startMs = performance.now() + (tookMs * (n % 10)) / 8;
      while (performance.now() < startMs) await nextTick();
      return await second.ledger
        .requeue(job.id, { actor: "me" })
        .catch((error: { code: string }) => error.code);
    };
    const beganMs = performance.now();
    const archiving = bench.run().then(() => {
      tookMs = performance.now() - beganMs;
    });
    const [, again] = await Promise.all([archiving, later()]);
    const found = await bench.ledger.get(job.id);
    const isArchived = found?.archived === true;
    seen.add(isArchived);
    if (isArchived) expect(again).toBe("ARCHIVED");
    else expect([found?.status, found?.version]).toEqual(["pending", 4]);
    if (found?.status === "pending") await bench.ledger.cancel(job.id, { actor: "me" });
    await bench.run();
  }
  expect(seen.size).toBe(2);
});

it("two processes that archive at once move each job once", async () => {
  const bench = await openArchive("postgres");
  const ids = [];
  for (let n = 0; n < 20; n++) ids.push((await bench.finished()).id);
  // Both believe that they hold the right to archive: one of them was silent for too long.
  const ledger = { ...bench.ledger.archive, begin: async () => Date.now() + 60_000 };
  const both = await Promise.all([bench.run({ ledger }), bench.run({ ledger })]);
  expect(both[0].archived + both[1].archived).toBe(20);
  for (const id of ids)
    expect(await bench.ledger.get(id)).toMatchObject({ archived: true, output: { ok: true } });
});
