import pg from "pg";
import { expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { newId } from "../../src/job/index.js";
import { openBench } from "../ledger/engines.js";
import { kind, startWorker } from "./setup.js";

/** On a machine that is busy with other tests. Alone it is one second, the pause of discovery. */
const STARTS_WITHIN_MS = 5_000;
const NAMES = 20_000;
const BATCH = 10_000;
/** How long a queue is new to a worker (claim-plan.ts). */
const NEW_MS = 10_500;

it("a worker soon finds a job in any queue: one of 20,000, one without a row, one that only a transaction named", async () => {
  const bench = await openBench("postgres");
  const { ledger, database } = bench;
  // Each queue is known and has a job that is due much later.
  const run_at = new Date(Date.now() + 3_600_000).toISOString();
  for (let from = 0; from < NAMES; from += BATCH) {
    await ledger.submitMany(
      Array.from({ length: BATCH }, (_, n) => ({ kind: "quick", input: {}, queue: `q-${from + n}`, run_at })),
    );
  }
  const started = new Map<string, number>();
  const quick = kind("quick", (_input, ctx) => void started.set(ctx.job.id, performance.now()));
  await startWorker(bench, { definitions: [quick] });
  await database.query("delete from lockstep.queues where name = 'q-12345'");
  const client = new pg.Client({ connectionString: bench.url ?? "" });
  await client.connect();
  const submits = {
    "one of many": () => ledger.submit({ kind: "quick", input: {}, queue: "q-19999" }),
    "its row is gone": () => ledger.submit({ kind: "quick", input: {}, queue: "q-12345" }),
    "only in a transaction": async () => {
      await client.query("begin");
      const submitted = await ledger.submit(
        { kind: "quick", input: {}, queue: "named-nowhere" },
        { tx: client },
      );
      await client.query("commit");
      return submitted;
    },
    // As when every signal is lost: nothing but the row says that the job is there.
    "no signal": async () => {
      const id = newId();
      await database.query(
        `insert into lockstep.jobs (id, kind, queue, input, ready_at, actor, reason)
         values ($1, 'quick', 'silent', '{}', clock_timestamp(), 'test', 'submitted')`,
        [id],
      );
      return { job: { id } };
    },
  };
  const waits: Record<string, number> = {};
  for (const [name, submit] of Object.entries(submits)) {
    const { job } = await submit();
    const began = performance.now();
    await waitFor(() => started.has(job.id), { what: `the job to start: ${name}`, everyMs: 5 });
    waits[name] = (started.get(job.id) ?? 0) - began;
  }
  await client.end();

  for (const [name, waitMs] of Object.entries(waits)) expect(waitMs, name).toBeLessThan(STARTS_WITHIN_MS);
});

it("a request that names 10,000 queues starves nobody", async () => {
  const bench = await openBench("postgres");
  const { ledger } = bench;
  const started = new Map<string, number>();
  const quick = kind("quick", (_input, ctx) => void started.set(ctx.job.id, performance.now()));
  await startWorker(bench, { definitions: [quick], concurrency: 20 });
  /** @returns how many other jobs started before it */
  const overtakers = async (queue: string) => {
    const before = started.size;
    const { job } = await ledger.submit({ kind: "quick", input: {}, queue });
    await waitFor(() => started.has(job.id), { what: `the job in ${queue} to start`, everyMs: 5 });
    return [...started.keys()].indexOf(job.id) - before;
  };
  // Until then it is as new as the others.
  const knownAt = performance.now() + NEW_MS;
  while (performance.now() < knownAt) await overtakers("mail");
  started.clear();
  await ledger.submitMany(
    Array.from({ length: BATCH }, (_, n) => ({ kind: "quick", input: {}, queue: `flood-${n}` })),
  );
  const counts: number[] = [];
  while (started.size < BATCH) counts.push(await overtakers("mail"));
  expect(Math.max(...counts)).toBeLessThan(BATCH / 10);
});
