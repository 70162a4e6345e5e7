import { describe, expect, it } from "vitest";
import { sweepLost } from "../../src/ledger/sweep.js";
import {
  claimOne,
  completed,
  ENGINES,
  openBench,
  registerWorker,
  settle,
  silence,
  submitNoop,
} from "./engines.js";

const quiet = { announce: () => undefined } as never;

describe.each(ENGINES)("a running attempt on %s", (engine) => {
  it("commits the handler's own writes together with the completion, or neither", async () => {
    const bench = await openBench(engine);
    await bench.database.query("create table notes (text text)");
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench);
    const job = await claimOne(bench, worker);
    const mine = { job_id: id, attempt: 1, worker_id: worker };
    const write = async (tx: { query(text: string, values?: unknown[]): Promise<unknown> }) => {
      await tx.query("insert into notes values ($1)", ["written"]);
      return { output: '{"noted":true}', value: 42 };
    };
    await expect(bench.ledger.commitWith({ ...mine, attempt: 9 }, write)).rejects.toMatchObject({
      code: "FENCED",
    });
    expect((await bench.database.query("select * from notes")).rows).toEqual([]);
    expect(await bench.ledger.commitWith(mine, write)).toBe(42);
    expect((await bench.database.query("select * from notes")).rows).toEqual([{ text: "written" }]);
    expect(await bench.ledger.get(id)).toMatchObject({ status: "completed", output: { noted: true } });
    expect(await settle(bench, job, completed())).toMatchObject({ result: "already" });
  });

  it("progress and log entries are accepted only from the attempt that holds the job", async () => {
    const bench = await openBench(engine);
    const [zombie, successor] = [await registerWorker(bench), await registerWorker(bench)];
    await submitNoop(bench);
    const old = await claimOne(bench, zombie);
    const at = new Date().toISOString();
    const write = {
      job_id: old.id,
      attempt: 1,
      progress: { fraction: 0.5, message: "half" },
      logs: [
        { level: "info", message: "one", at },
        { level: "warn", message: "two", at },
      ],
    } as const;
    expect(await bench.ledger.report(zombie, [write])).toEqual([]);
    await silence(bench, zombie);
    await sweepLost(bench.database, quiet, 30);
    await claimOne(bench, successor);
    expect(
      await bench.ledger.report(zombie, [{ ...write, progress: { fraction: 0.9, message: "lie" } }]),
    ).toEqual([{ job_id: old.id, attempt: 1 }]);
    expect(await bench.ledger.get(old.id)).toMatchObject({ progress: null, attempt: 2 });
    expect((await bench.ledger.logs(old.id, {})).map((line) => line.message)).toEqual(["one", "two"]);
    expect(await bench.ledger.stopRequests(zombie, [{ job_id: old.id, attempt: 1 }])).toEqual([
      { job_id: old.id, attempt: 1, why: "fenced" },
    ]);
    expect(await bench.ledger.stopRequests(successor, [{ job_id: old.id, attempt: 2 }])).toEqual([]);
  });

  it("is listed under its worker's id, so that a worker that lost the answer of a turn can find it", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    const job = await claimOne(bench, worker);
    expect(await bench.ledger.heldBy(worker)).toMatchObject([{ id: job.id, attempt: 1 }]);
    await settle(bench, job, completed());
    expect(await bench.ledger.heldBy(worker)).toEqual([]);
  });
});
