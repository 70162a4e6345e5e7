import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { NonRetryableError } from "../../src/errors.js";
import { defineJob } from "../../src/job/index.js";
import { ENGINES, openBench } from "../ledger/engines.js";
import { blockingHandler, kind, newFolder, startWorker, submit, terminal } from "./setup.js";

describe.each(ENGINES)("a worker on %s", (engine) => {
  it("never runs more handlers than it has slots, and holds no job without a handler that runs it", async () => {
    const place = await openBench(engine);
    const { ledger, database } = place;
    const handler = blockingHandler();
    await ledger.submitMany(Array.from({ length: 30 }, () => ({ kind: "blocking", input: {} })));
    const worker = await startWorker(place, {
      definitions: [kind("blocking", handler.run(true))],
      concurrency: 4,
    });
    const held = async () =>
      (
        await database.query<{ id: string }>(
          `select id from ${database.schema}.jobs where status = 'running' order by id`,
        )
      ).rows.map((row) => row.id);
    for (let left = 30; left > 0; left -= 2) {
      const expected = Math.min(4, left);
      await waitFor(() => handler.inside().length === expected, { what: "every slot to be taken" });
      await waitFor(async () => (await held()).length === expected, {
        what: "the ledger to hold as many jobs",
      });
      expect(await held()).toEqual(handler.inside().sort());
      expect(worker.health()).toMatchObject({ running: expected, free_slots: 4 - expected });
      handler.letGo(2);
    }
    await waitFor(async () => (await ledger.stats()).counts.completed === 30, { what: "all to complete" });
    expect(handler.most()).toBe(4);
  });

  it("completes a job with the value its handler returned", async () => {
    const place = await openBench(engine);
    const id = await submit(place, "double", { n: 21 });
    await startWorker(place, { definitions: [kind("double", ({ n }) => ({ n: 2 * (n as number) }))] });
    expect(await terminal(place, id)).toMatchObject({ status: "completed", output: { n: 42 }, attempt: 1 });
  });

  it("retries a handler that throws, keeps every error, and gives up when its attempts are used up", async () => {
    const place = await openBench(engine);
    const maintenance = place.ledger.createMaintenance();
    await maintenance.start();
    const id = await submit(place, "flaky", {}, { max_attempts: 3 });
    let runs = 0;
    const flaky = kind("flaky", () => {
      runs += 1;
      throw Object.assign(new Error(`run ${runs} failed\0\ud800`), { code: "EXIT_137" });
    });
    await startWorker(place, { definitions: [flaky] });
    const job = await terminal(place, id);
    await maintenance.stop();
    expect(job).toMatchObject({ status: "failed", attempt: 3, failures: 3 });
    expect(job.error).toMatchObject({
      name: "Error",
      message: "run 3 failed\uFFFD\uFFFD",
      code: "EXIT_137",
      attempt: 3,
    });
    expect((await place.ledger.attempts(id)).map((attempt) => attempt.error?.message)).toEqual([
      "run 1 failed\uFFFD\uFFFD",
      "run 2 failed\uFFFD\uFFFD",
      "run 3 failed\uFFFD\uFFFD",
    ]);
  });

  it("fails a job at once when no retry can help, or when its kind does not accept the input", async () => {
    const place = await openBench(engine);
    const strict = defineJob({ kind: "strict", input: z.object({ n: z.number() }), run: () => null });
    const final = kind("final", () => {
      throw new NonRetryableError("no such file", { code: "ENOENT" });
    });
    const wrong = await submit(place, "strict", { n: "not a number" });
    const hopeless = await submit(place, "final");
    await startWorker(place, { definitions: [strict, final] });
    expect(await terminal(place, hopeless)).toMatchObject({
      status: "failed",
      attempt: 1,
      error: { code: "ENOENT" },
    });
    const job = await terminal(place, wrong);
    expect(job).toMatchObject({ status: "failed", attempt: 1, error: { code: "INVALID_INPUT" } });
    expect(job.error?.message).toContain("expected number");
  });

  it("waits for a schema with asynchronous validation", async () => {
    const place = await openBench(engine);
    const input = z.object({ n: z.number() }).refine(async ({ n }) => n > 1, "too small");
    const definition = defineJob({ kind: "slow-schema", input, run: ({ n }) => n });
    const [good, bad] = [
      await submit(place, "slow-schema", { n: 2 }),
      await submit(place, "slow-schema", { n: 1 }),
    ];
    await startWorker(place, { definitions: [definition] });
    expect(await terminal(place, good)).toMatchObject({ status: "completed", output: 2 });
    expect((await terminal(place, bad)).error?.message).toContain("too small");
  });

  it("fails a job whose output cannot be stored, without the rest of its batch, and keeps the output in a file", async () => {
    const place = await openBench(engine);
    const dataDir = await newFolder();
    const circular: Record<string, unknown> = { name: "loop" };
    circular.self = circular;
    const outputs: Record<string, unknown> = {
      fine: { ok: true },
      nul: { text: "a\0b" },
      surrogate: ["\ud800"],
      nan: { deep: [Number.NaN] },
      big: "x".repeat(9_000_000),
      circular,
      hostile: {
        toJSON() {
          throw new Error("no JSON of me");
        },
      },
    };
    const names = Object.keys(outputs);
    const submitted = await place.ledger.submitMany(
      names.map((name) => ({ kind: "output", input: { name } })),
    );
    const definition = kind("output", ({ name }) => outputs[name as string]);
    await startWorker(place, { definitions: [definition], dataDir });
    for (const [index, name] of names.entries()) {
      const job = await terminal(place, submitted[index]!.job.id);
      if (name === "fine") expect(job).toMatchObject({ status: "completed", output: { ok: true } });
      else {
        expect(job).toMatchObject({ status: "failed", attempt: 1, error: { code: "RESULT_UNSTORABLE" } });
        expect(job.error?.message).toContain(`unstorable/${job.id}-1.txt`);
      }
    }
    expect(await readdir(join(dataDir, "unstorable"))).toHaveLength(names.length - 1);
    const nul = submitted[names.indexOf("nul")]!.job.id;
    expect(await readFile(join(dataDir, "unstorable", `${nul}-1.txt`), "utf8")).toBe('{"text":"a\\u0000b"}');
  });

  it("takes jobs from the configured queues, or from all queues, including new ones", async () => {
    const place = await openBench(engine);
    const seen: string[] = [];
    const definition = kind("note", (_, ctx) => void seen.push(ctx.job.queue));
    const closed = await startWorker(place, { definitions: [definition], queues: ["b"] });
    const [a, b] = [
      await submit(place, "note", {}, { queue: "a" }),
      await submit(place, "note", {}, { queue: "b" }),
    ];
    await terminal(place, b);
    expect(await place.ledger.get(a)).toMatchObject({ status: "pending" });
    await closed.stop();
    await startWorker(place, { definitions: [definition] });
    await terminal(place, a);
    await terminal(place, await submit(place, "note", {}, { queue: "c" }));
    expect(seen).toEqual(["b", "a", "c"]);
  });

  it("leaves jobs of unknown kinds to other workers", async () => {
    const place = await openBench(engine);
    const [unknown, known] = [await submit(place, "unknown"), await submit(place, "known")];
    await startWorker(place, { definitions: [kind("known", () => null)], concurrency: 1 });
    await terminal(place, known);
    expect(await place.ledger.get(unknown)).toMatchObject({ status: "pending", attempt: 0 });
  });

  it("runs the smaller priority number first", async () => {
    const place = await openBench(engine);
    const order: unknown[] = [];
    const jobs = [5, -3, 0, 5, -3].map((priority, n) => ({ kind: "note", input: { n }, priority }));
    const submitted = await place.ledger.submitMany(jobs);
    await startWorker(place, { definitions: [kind("note", ({ n }) => void order.push(n))], concurrency: 1 });
    for (const { job } of submitted) await terminal(place, job.id);
    expect(order).toEqual([1, 4, 2, 0, 3]);
  });
});
