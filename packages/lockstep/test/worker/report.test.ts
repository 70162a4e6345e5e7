import { describe, expect, it } from "vitest";
import { NonRetryableError } from "../../src/errors.js";
import { ENGINES, openBench } from "../ledger/engines.js";
import { blockingHandler, kind, startWorker, submit, terminal, until } from "./setup.js";

describe.each(ENGINES)("a worker on %s", (engine) => {
  it("writes progress and log entries in order, and all of them before the outcome", async () => {
    const place = await openBench(engine);
    const lines = Array.from({ length: 300 }, (_, index) => `line ${index}`);
    const talker = kind("talker", (_, ctx) => {
      ctx.progress(0.5, "half");
      ctx.log("first", "warn");
      for (const line of lines) ctx.log(line);
      ctx.progress(0.9, "nearly");
      return "said";
    });
    const ids = (
      await place.ledger.submitMany(Array.from({ length: 5 }, () => ({ kind: "talker", input: {} })))
    ).map(({ job }) => job.id);
    await startWorker(place, { definitions: [talker] });
    for (const id of ids) {
      expect(await terminal(place, id)).toMatchObject({
        status: "completed",
        progress: { fraction: 0.9, message: "nearly" },
      });
      const log = await place.ledger.logs(id, { limit: 1_000 });
      expect(log.map((line) => line.message)).toEqual(["first", ...lines]);
      expect(log[0]).toMatchObject({ level: "warn", attempt: 1 });
    }
  });

  it("shows the progress of a long handler within about a second", async () => {
    const place = await openBench(engine);
    const handler = blockingHandler();
    const id = await submit(place, "blocking");
    const definition = kind("blocking", (input, ctx) => {
      ctx.progress(0.25, "begun");
      return handler.run(true)(input, ctx);
    });
    await startWorker(place, { definitions: [definition] });
    const job = await until(place, id, ({ progress }) => progress !== null, { what: "the progress" });
    expect(job).toMatchObject({ status: "running", progress: { fraction: 0.25, message: "begun" } });
    handler.letGo();
  });

  it("commits a handler's own writes together with the completion", async () => {
    const place = await openBench(engine);
    await place.database.query("create table effects (n integer)");
    const definition = kind("effect", async ({ n }, ctx) => {
      ctx.log("about to write");
      const output = await ctx.commit(async (tx) => {
        await tx.query(`insert into effects values (${Number(n)})`);
        if (n === 2) throw new NonRetryableError("changed my mind");
        return { wrote: n as number };
      });
      return { ignored: output };
    });
    const [good, bad] = [await submit(place, "effect", { n: 1 }), await submit(place, "effect", { n: 2 })];
    await startWorker(place, { definitions: [definition] });
    expect(await terminal(place, good)).toMatchObject({
      status: "completed",
      output: { wrote: 1 },
      version: 3,
    });
    expect(await terminal(place, bad)).toMatchObject({
      status: "failed",
      error: { message: "changed my mind" },
    });
    expect((await place.database.query("select n from effects")).rows).toEqual([{ n: 1 }]);
    expect((await place.ledger.logs(good, {})).map((line) => line.message)).toEqual(["about to write"]);
  });
});
