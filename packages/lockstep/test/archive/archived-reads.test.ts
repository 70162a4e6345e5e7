import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { sweepLost } from "../../src/ledger/sweep.js";
import {
  claimOne,
  completed,
  ENGINES,
  failed,
  registerWorker,
  settle,
  silence,
  submitNoop,
} from "../ledger/engines.js";
import { lasting, openArchive } from "./archived.js";

const quiet = { announce: () => undefined } as never;

describe.each(ENGINES)("an archived job on %s", (engine) => {
  it("is shown as it ended, with its payloads, where it is, and that it was archived", async () => {
    const bench = await openArchive(engine);
    const job = await bench.finished({
      input: { text: "ü", list: [1, null] },
      tags: ["a", "b"],
      unique_key: "u",
      priority: -3,
      timeout_ms: 60_000,
    });
    expect(await bench.run()).toMatchObject({ archived: 1, held: 0, completed: true });
    expect(await bench.rows()).toEqual([]);
    const archived = await bench.ledger.get(job.id);
    expect(lasting(archived)).toEqual(lasting(job));
    expect(archived).toMatchObject({ archived: true, archive: { readable: true } });
    expect(await bench.files()).toEqual([archived?.archive?.file]);
    expect(await bench.ledger.wait(job.id, { timeoutMs: 10 })).toMatchObject({ status: "completed" });
  });

  it("is shown with its history, the errors of its attempts, its log and its late results", async () => {
    const bench = await openArchive(engine);
    const { ledger } = bench;
    const workers = [await registerWorker(bench), await registerWorker(bench)] as const;
    const { id } = await submitNoop(bench, { max_attempts: 5 });
    const first = await claimOne(bench, workers[0]);
    const line = { level: "info", message: "halfway", at: "2031-01-01T00:00:00Z" } as const;
    await ledger.report(workers[0], [
      { job_id: id, attempt: 1, progress: { fraction: 0.5, message: "x" }, logs: [line] },
    ]);
    await silence(bench, workers[0]);
    await sweepLost(bench.database, quiet, 30);
    const second = await claimOne(bench, workers[1]);
    expect(await settle(bench, first, completed("late"))).toMatchObject({ result: "late" });
    await settle(bench, second, failed(null, "the disk was full"));
    const read = async () => ({
      job: lasting(await ledger.get(id)),
      transitions: await ledger.transitions(id),
      attempts: await ledger.attempts(id),
      late: await ledger.lateResults(id),
      logs: await ledger.logs(id, {}),
    });
    const before = await read();
    await bench.run();
    expect(await bench.rows()).toEqual([]);
    expect(await read()).toEqual(before);
    expect(before).toMatchObject({
      job: { status: "failed", error: { message: "the disk was full" } },
      late: [{ attempt: 1 }],
      logs: [{ message: "halfway" }],
    });
    expect(await ledger.logs(id, { after: before.logs[0]?.seq ?? 0 })).toEqual([]);
    expect((await ledger.explain(id))?.summary).toMatch(/^Failed at .*; moved to the archive at /);
  });

  it("still shows how it ended when its file is missing, without the payloads", async () => {
    const bench = await openArchive(engine);
    const job = await bench.finished();
    await bench.run();
    await rm(bench.dir, { recursive: true });
    const archived = await bench.ledger.get(job.id);
    const { input: _i, output: _o, error: _e, progress: _p, ...rest } = lasting(job) as typeof job;
    expect(lasting(archived)).toEqual(rest);
    expect(archived).toMatchObject({ status: "completed", archive: { readable: false } });
    for (const read of [ledgerRead("transitions"), ledgerRead("lateResults"), ledgerRead("attempts")])
      await expect(read(bench.ledger, job.id)).rejects.toMatchObject({ code: "ARCHIVED" });
    expect((await bench.ledger.explain(job.id))?.summary).toMatch(/^Completed at /);
  });

  it("never shows the content of a damaged or replaced file", async () => {
    const bench = await openArchive(engine);
    const job = await bench.finished();
    await bench.run();
    const [name = ""] = await bench.files();
    const path = join(bench.dir, name);
    const good = await readFile(path);
    const bad = Buffer.from(good);
    bad.fill(0xff, 12, 40);
    await writeFile(path, bad);
    expect(await bench.ledger.get(job.id)).toMatchObject({ archive: { readable: false } });
    await writeFile(path, good.subarray(0, good.length - 5));
    expect(await bench.ledger.get(job.id)).toMatchObject({ archive: { readable: false } });
    await appendFile(path, good.subarray(-5));
    expect(await bench.ledger.get(job.id)).toMatchObject({ output: { ok: true } });
    await bench.database.query("alter table archived_jobs disable trigger user");
    await bench.database.query("update archived_jobs set version = version + 1");
    expect(await bench.ledger.get(job.id)).toMatchObject({ version: 4, archive: { readable: false } });
  });

  it("cannot be run again or cancelled, and the error says so", async () => {
    const bench = await openArchive(engine);
    const job = await bench.finished();
    await bench.run();
    await expect(bench.ledger.requeue(job.id, { actor: "me" })).rejects.toMatchObject({ code: "ARCHIVED" });
    await expect(bench.ledger.cancel(job.id, { actor: "me" })).rejects.toMatchObject({
      code: "ALREADY_FINISHED",
    });
  });

  it("still owns its idempotency key: alone, in a batch, and in the caller's transaction", async () => {
    const bench = await openArchive(engine);
    const request = { kind: "noop", input: { a: 1 }, idempotency_key: "k" };
    const job = await bench.finished(request);
    await bench.run();
    const again = await bench.ledger.submit(request);
    expect(again).toMatchObject({
      deduplicated: "idempotency_key",
      job: { id: job.id, status: "completed", archived: true, output: { ok: true } },
    });
    const [one, other] = await bench.ledger.submitMany([request, { kind: "noop", input: {} }]);
    expect(one?.job.id).toBe(job.id);
    expect(other?.deduplicated).toBeNull();
    await expect(bench.ledger.submit({ ...request, priority: 1 })).rejects.toMatchObject({
      code: "IDEMPOTENCY_MISMATCH",
    });
    await bench.database.transaction(async (tx) => {
      const inside = await bench.ledger.submit(request, { tx: tx as never });
      expect(inside.job.id).toBe(job.id);
    });
    expect(await bench.rows()).toEqual([other?.job.id]);
  });

  it("accepts a late result that arrives after it was moved", async () => {
    const bench = await openArchive(engine);
    const workers = [await registerWorker(bench), await registerWorker(bench)] as const;
    const { id } = await submitNoop(bench, { max_attempts: 5 });
    const zombie = await claimOne(bench, workers[0]);
    await silence(bench, workers[0]);
    await sweepLost(bench.database, quiet, 30);
    const successor = await claimOne(bench, workers[1]);
    await settle(bench, successor, completed("heir"));
    await bench.run();
    expect(await settle(bench, successor, completed("heir"))).toMatchObject({
      result: "already",
      version: 5,
    });
    expect(await settle(bench, zombie, completed("zombie"))).toMatchObject({
      result: "late",
      status: "completed",
    });
    expect(await bench.ledger.lateResults(id)).toMatchObject([{ attempt: 1 }]);
    expect(await bench.ledger.get(id)).toMatchObject({ output: "heir" });
  });

  it("protects its outcome against a manual UPDATE", async () => {
    const bench = await openArchive(engine);
    await bench.finished();
    await bench.run();
    for (const sql of ["update archived_jobs set status = 'failed'", "truncate archived_jobs"])
      await expect(bench.database.query(sql)).rejects.toThrow("how a job ended does not change");
  });
});

it("is found by its key in the caller's own pg transaction", async () => {
  const bench = await openArchive("postgres");
  const job = await bench.finished({ idempotency_key: "k", input: 7 });
  await bench.run();
  const client = new pg.Client({ connectionString: bench.url ?? "" });
  await client.connect();
  try {
    await client.query("begin");
    const { job: found } = await bench.ledger.submit(
      { kind: "noop", input: 7, idempotency_key: "k" },
      { tx: client },
    );
    await client.query("commit");
    expect(found).toMatchObject({ id: job.id, status: "completed", input: 7 });
  } finally {
    await client.end();
  }
});

function ledgerRead(name: "transitions" | "lateResults" | "attempts") {
  return (ledger: Awaited<ReturnType<typeof openArchive>>["ledger"], id: string): Promise<unknown> =>
    ledger[name](id);
}
