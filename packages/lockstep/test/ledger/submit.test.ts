import pg from "pg";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { claimOne, completed, ENGINES, openBench, registerWorker, settle, submitNoop } from "./engines.js";

describe.each(ENGINES)("submitting on %s", (engine) => {
  it("an accepted job is recorded as pending, with version 1", async () => {
    const bench = await openBench(engine);
    const job = await submitNoop(bench, {
      input: { z: 1, a: [true, null, "ü"] },
      tags: ["x"],
      priority: -5,
      timeout_ms: 1000,
    });
    expect(await bench.ledger.get(job.id)).toEqual({ ...job, as_of: expect.any(String), source: "ledger" });
    expect(job).toMatchObject({
      status: "pending",
      version: 1,
      attempt: 0,
      priority: -5,
      tags: ["x"],
      input: { z: 1, a: [true, null, "ü"] },
    });
    expect(await bench.ledger.transitions(job.id)).toMatchObject([
      { version: 1, from_status: null, status: "pending", reason: "submitted" },
    ]);
  });

  it("an input may be any JSON value, including null", async () => {
    const bench = await openBench(engine);
    for (const input of [null, 0, "", false, []]) {
      const { job } = await bench.ledger.submit({ kind: "noop", input });
      expect((await bench.ledger.get(job.id))?.input).toEqual(input);
    }
  });

  it("the same idempotency key and request give the same job, whatever the order of members", async () => {
    const bench = await openBench(engine);
    const first = await bench.ledger.submit({ kind: "noop", input: { a: 1, b: 2 }, idempotency_key: "k" });
    const again = await bench.ledger.submit({ input: { b: 2, a: 1 }, kind: "noop", idempotency_key: "k" });
    expect(again.deduplicated).toBe("idempotency_key");
    expect(again.job.id).toBe(first.job.id);
    expect((await bench.ledger.list({})).jobs).toHaveLength(1);
  });

  it("the same idempotency key still gives the same job after it has finished", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const first = await submitNoop(bench, { idempotency_key: "k" });
    await settle(bench, await claimOne(bench, worker), completed());
    expect(await submitNoop(bench, { idempotency_key: "k" })).toMatchObject({
      id: first.id,
      status: "completed",
    });
  });

  it("a replay gives the same job after a deploy changed the kind's defaults", async () => {
    const bench = await openBench(engine);
    const asked = { kind: "noop", input: {}, idempotency_key: "k" };
    const { job } = await bench.ledger.submit({ ...asked, defaults: { queue: "slow", max_attempts: 5 } });
    expect(job).toMatchObject({ queue: "slow", max_attempts: 5 });
    const again = await bench.ledger.submit({ ...asked, defaults: { queue: "fast", timeout_ms: 7 } });
    expect(again).toMatchObject({ deduplicated: "idempotency_key", job: { id: job.id, queue: "slow" } });
    const many = [{ kind: "noop", input: {} }];
    const [first] = await bench.ledger.submitMany(many, { idempotencyKey: "m" });
    const changed = many.map((one) => ({ ...one, defaults: { priority: 3 } }));
    const [second] = await bench.ledger.submitMany(changed, { idempotencyKey: "m" });
    expect(second?.job.id).toBe(first?.job.id);
    // What the caller says is part of the request, also when it is what the kind has by default.
    await expect(bench.ledger.submit({ ...asked, queue: "slow" })).rejects.toMatchObject({
      code: "IDEMPOTENCY_MISMATCH",
    });
  });

  it.each([
    ["of almost 1 MiB", (mark: string) => [mark, "x".repeat(1_048_560)]],
    ["nested 100 levels deep", (mark: string) => JSON.parse(`${"[".repeat(100)}"${mark}"${"]".repeat(100)}`)],
  ])("the same idempotency key with another input %s is rejected", async (_, input) => {
    const bench = await openBench(engine);
    await bench.ledger.submit({ kind: "noop", input: input("a"), idempotency_key: "k" });
    await expect(
      bench.ledger.submit({ kind: "noop", input: input("b"), idempotency_key: "k" }),
    ).rejects.toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
    expect(
      await bench.ledger.submit({ kind: "noop", input: input("a"), idempotency_key: "k" }),
    ).toMatchObject({ deduplicated: "idempotency_key" });
  });

  it("the same idempotency key with another request is rejected", async () => {
    const bench = await openBench(engine);
    await submitNoop(bench, { idempotency_key: "k" });
    await expect(submitNoop(bench, { idempotency_key: "k", priority: 1 })).rejects.toMatchObject({
      code: "IDEMPOTENCY_MISMATCH",
    });
  });

  it("a unique key names one live job of a kind, and is free again when it has finished", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const first = await bench.ledger.submit({ kind: "noop", input: 1, unique_key: "u" });
    const second = await bench.ledger.submit({ kind: "noop", input: 2, unique_key: "u" });
    expect(second).toMatchObject({ deduplicated: "unique_key", job: { id: first.job.id } });
    const other = await bench.ledger.submit({ kind: "other", input: 2, unique_key: "u" });
    expect(other.deduplicated).toBeNull();
    await settle(bench, await claimOne(bench, worker), completed());
    const third = await bench.ledger.submit({ kind: "noop", input: 3, unique_key: "u" });
    expect(third.deduplicated).toBeNull();
  });

  it("an idempotency key whose first request found a job by its unique key always leads to that job", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const holder = await submitNoop(bench, { unique_key: "u" });
    const request = { kind: "noop", input: { n: 1 }, unique_key: "u", idempotency_key: "k" };
    expect(await bench.ledger.submit(request)).toMatchObject({
      deduplicated: "unique_key",
      job: { id: holder.id },
    });
    await expect(bench.ledger.submit({ ...request, input: { n: 2 } })).rejects.toMatchObject({
      code: "IDEMPOTENCY_MISMATCH",
    });
    await settle(bench, await claimOne(bench, worker), completed());
    expect(await bench.ledger.submit(request)).toMatchObject({
      deduplicated: "idempotency_key",
      job: { id: holder.id, status: "completed" },
    });
    expect((await bench.ledger.list({})).jobs).toHaveLength(1);
  });

  it("a batch is recorded whole or not at all", async () => {
    const bench = await openBench(engine);
    await submitNoop(bench, { idempotency_key: "taken" });
    const good = { kind: "noop", input: {} };
    await expect(
      bench.ledger.submitMany([good, { ...good, input: 1, idempotency_key: "taken" }]),
    ).rejects.toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
    await expect(bench.ledger.submitMany([good, { ...good, input: "a\u0000b" }])).rejects.toMatchObject({
      code: "INVALID_INPUT",
      issues: [{ pointer: "/jobs/1/input" }],
    });
    expect((await bench.ledger.list({})).jobs).toHaveLength(1);
    const batch = await bench.ledger.submitMany([
      good,
      { ...good, idempotency_key: "twice" },
      { ...good, idempotency_key: "twice" },
    ]);
    expect(batch.map((entry) => entry.deduplicated)).toEqual([null, null, "idempotency_key"]);
    expect(batch[2]?.job.id).toBe(batch[1]?.job.id);
    await expect(bench.ledger.submitMany(Array(10_001).fill(good))).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  it("ten thousand jobs fit in one batch", async () => {
    const bench = await openBench(engine);
    const batch = await bench.ledger.submitMany(
      Array.from({ length: 10_000 }, (_, n) => ({ kind: "noop", input: { n } })),
    );
    expect(new Set(batch.map((entry) => entry.job.id)).size).toBe(10_000);
    expect(await bench.ledger.stats()).toMatchObject({ counts: { pending: 10_000 }, capped: ["pending"] });
  });

  it("concurrent submits of one key give one job and no error", async () => {
    const bench = await openBench(engine);
    const jobs = await Promise.all(
      Array.from({ length: 50 }, () => submitNoop(bench, { idempotency_key: "k" })),
    );
    expect(new Set(jobs.map((job) => job.id)).size).toBe(1);
  });

  it.each([
    ["a kind with spaces", { kind: "no such" }, "/kind"],
    ["a NUL character", { input: { deep: ["a\u0000"] } }, "/input/deep/0"],
    ["a lone surrogate in a name", { input: { "a\ud800": 1 } }, "/input/a\ud800"],
    ["NaN", { input: [Number.NaN] }, "/input/0"],
    ["a cycle", { input: cycle() }, "/input/self"],
    ["nesting over 100", { input: nested(101) }, "/input".padEnd(6 + 2 * 101, "/0")],
    ["over 1 MiB", { input: "x".repeat(1_048_576) }, "/input"],
    ["a priority that does not fit a smallint", { priority: 40_000 }, "/priority"],
    ["an invalid time", { run_at: "tomorrow" }, "/run_at"],
    ["an idempotency key with a newline", { idempotency_key: "a\nb" }, "/idempotency_key"],
    ["too many attempts", { max_attempts: 1_001 }, "/max_attempts"],
    ["an empty tag", { tags: [""] }, "/tags"],
  ])("rejects %s with its pointer, and records nothing", async (_what, request, pointer) => {
    const bench = await openBench(engine);
    await expect(submitNoop(bench, request)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      issues: [{ pointer }],
    });
    expect((await bench.ledger.list({})).jobs).toEqual([]);
  });
});

describe("submitting inside the caller's own transaction", () => {
  it("records the job when, and only when, the transaction commits", async () => {
    const bench = await openBench("postgres");
    const client = new pg.Client({ connectionString: bench.url ?? "" });
    await client.connect();
    try {
      await client.query("begin");
      const { job } = await bench.ledger.submit({ kind: "noop", input: {} }, { tx: client });
      expect(await bench.ledger.get(job.id)).toBeNull();
      await client.query("rollback");
      expect(await bench.ledger.get(job.id)).toBeNull();

      await client.query("begin");
      const kept = await bench.ledger.submit(
        { kind: "noop", input: { n: 1 }, idempotency_key: "k" },
        { tx: client },
      );
      await client.query("commit");
      expect(await bench.ledger.get(kept.job.id)).toMatchObject({ status: "pending", input: { n: 1 } });
      expect((await bench.ledger.queues()).map((queue) => queue.queue)).toEqual(["default"]);
    } finally {
      await client.end();
    }
  });

  it("notifies every process at the commit that there is work", async () => {
    const bench = await openBench("postgres");
    const heard = new Promise((resolve) => bench.ledger.wakeUps.onReady(resolve));
    await waitFor(async () => (await bench.database.query(LISTENERS)).rows.length > 0, {
      what: "a listener",
    });
    const client = new pg.Client({ connectionString: bench.url ?? "" });
    await client.connect();
    try {
      await client.query("begin");
      await bench.ledger.submit({ kind: "noop", input: {} }, { tx: client });
      await client.query("commit");
      expect(await heard).toMatchObject({ queue: "default" });
    } finally {
      await client.end();
    }
  });
});

const LISTENERS =
  "select from pg_stat_activity where datname = current_database() and query ilike 'listen %' and state = 'idle'";

function cycle(): unknown {
  const object: Record<string, unknown> = {};
  object.self = object;
  return object;
}

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}
