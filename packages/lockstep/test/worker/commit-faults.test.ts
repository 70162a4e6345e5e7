import { describe, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import type { JobContext, SqlTransaction } from "../../src/job/index.js";
import type { Ledger } from "../../src/ledger/index.js";
import { ENGINES, openBench } from "../ledger/engines.js";
import { kind, type Place, startWorker, submit, terminal } from "./setup.js";

const insert = (n: number) => (tx: SqlTransaction) =>
  tx.query(`insert into effects values (${n})`).then(() => ({ wrote: n }));

const broken = async (tx: SqlTransaction) => {
  await tx.query("insert into no_such_table values (1)");
  return null;
};

/** The ledger, and a promise of the end of its first commit. */
function withCommits(ledger: Ledger) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const commitWith: Ledger["commitWith"] = (...args) =>
    ledger.commitWith(...args).finally(() => setImmediate(end));
  const get = (target: Ledger, name: string | symbol): unknown =>
    name === "commitWith" ? commitWith : Reflect.get(target, name);
  return { ledger: new Proxy(ledger, { get }), ended };
}

/** Runs one job with this handler, and a neighbour that has to complete. */
async function run(place: Place, handler: (ctx: JobContext) => unknown) {
  await place.database.query("create table effects (n integer)");
  const id = await submit(place, "tested", {}, { max_attempts: 1 });
  const neighbour = await submit(place, "neighbour");
  const worker = await startWorker(place, {
    definitions: [kind("tested", (_, ctx) => handler(ctx)), kind("neighbour", () => null)],
  });
  const job = await terminal(place, id);
  expect(await terminal(place, neighbour)).toMatchObject({ status: "completed" });
  await waitFor(() => worker.health().running === 0, { what: "no handler to run" });
  const { rows } = await place.database.query<{ n: number }>("select n from effects order by n");
  return { job, effects: rows.map(({ n }) => n) };
}

const fault = { status: "failed", failures: 1, error: { code: "HANDLER_FAULT" } };

describe.each(ENGINES)("ctx.commit on %s", (engine) => {
  it("decides the outcome, also when the handler did not await it", async () => {
    const { job, effects } = await run(await openBench(engine), (ctx) => {
      void ctx.commit(insert(1));
      return { ignored: true };
    });
    expect(job).toMatchObject({ status: "completed", output: { wrote: 1 }, version: 3 });
    expect(effects).toEqual([1]);
  });

  it("decides the outcome, also when the handler throws while it is under way", async () => {
    const { job, effects } = await run(await openBench(engine), (ctx) => {
      void ctx.commit(insert(1));
      throw new Error("too late");
    });
    expect(job).toMatchObject({ status: "completed", output: { wrote: 1 } });
    expect(effects).toEqual([1]);
  });

  it.each([
    ["returns while it is under way", false],
    ["returns after it has failed", true],
  ])("fails the attempt when it failed, nobody awaited it, and the handler %s", async (_, waits) => {
    const place = await openBench(engine);
    const { ledger, ended } = withCommits(place.ledger);
    const { job, effects } = await run({ ...place, ledger }, async (ctx) => {
      void ctx.commit(broken);
      if (waits) await ended;
      return "returned";
    });
    expect(job).toMatchObject(fault);
    expect(job.error?.message).toMatch(/did not await ctx\.commit, which failed: .*no_such_table/);
    expect(effects).toEqual([]);
  });

  it("leaves the outcome to a handler that caught its failure", async () => {
    const { job } = await run(await openBench(engine), async (ctx) => {
      await ctx.commit(broken).catch(() => null);
      return await ctx.commit(insert(2));
    });
    expect(job).toMatchObject({ status: "completed", output: { wrote: 2 } });
  });

  it("refuses a second call while the first is under way, and after it", async () => {
    const codes: unknown[] = [];
    const { job, effects } = await run(await openBench(engine), async (ctx) => {
      const first = ctx.commit(insert(1));
      await ctx.commit(insert(2)).catch((error) => codes.push(error.code));
      await first;
      await ctx.commit(insert(3)).catch((error) => codes.push(error.code));
      void ctx.commit(insert(4)); // Its rejection does not end the process either.
      throw new Error("after the commit");
    });
    expect(codes).toEqual(["HANDLER_FAULT", "HANDLER_FAULT"]);
    expect(job).toMatchObject({ status: "completed", output: { wrote: 1 } });
    expect(effects).toEqual([1]);
  });

  it.each([
    ["commits", "commit", [1]],
    ["rolls back", "rollback", []],
    ["commits and begins another", "commit; begin", [1]],
    ["rolls back and chains", "rollback and chain", []],
    ["ends", "/* hidden */ end", [1]],
  ])("fails the job when the handler itself %s the transaction", async (_, sql, left) => {
    const { job, effects } = await run(await openBench(engine), (ctx) =>
      ctx.commit(async (tx) => {
        await tx.query("insert into effects values (1)");
        for (const statement of sql.split("; ")) await tx.query(statement);
        return null;
      }),
    );
    expect(job).toMatchObject(fault);
    expect(job.error?.message).toMatch(/ended the transaction itself/);
    expect(effects).toEqual(left);
  });

  it("allows savepoints", async () => {
    const { job, effects } = await run(await openBench(engine), (ctx) =>
      ctx.commit(async (tx) => {
        await tx.query("savepoint here");
        await tx.query("insert into effects values (1)");
        await tx.query("rollback to savepoint here");
        return await insert(2)(tx);
      }),
    );
    expect(job).toMatchObject({ status: "completed", output: { wrote: 2 } });
    expect(effects).toEqual([2]);
  });

  it("fails with the error of a statement that the handler did not await", async () => {
    const { job, effects } = await run(await openBench(engine), (ctx) =>
      ctx.commit(async (tx) => {
        void tx.query("insert into no_such_table values (1)");
        return null;
      }),
    );
    expect(job).toMatchObject({ status: "failed", error: { code: "42P01" } });
    expect(effects).toEqual([]);
  });

  it("refuses statements after its function has returned", async () => {
    const codes: unknown[] = [];
    const { job, effects } = await run(await openBench(engine), async (ctx) => {
      let kept: SqlTransaction | null = null;
      const output = await ctx.commit((tx) => {
        kept = tx;
        return insert(1)(tx);
      });
      await kept!.query("insert into effects values (2)").catch((error) => codes.push(error.code));
      return output;
    });
    expect(codes).toEqual(["HANDLER_FAULT"]);
    expect(job).toMatchObject({ status: "completed" });
    expect(effects).toEqual([1]);
  });
});
