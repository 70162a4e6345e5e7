import { NonRetryableError } from "lockstep";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { setUp, untilEntry, untilStatus, useRedis } from "./setup.js";

useRedis();

describe("a handler that fails", () => {
  it("is retried by the ledger's rules, and BullMQ shows each failure and the end", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    const seen: string[] = [];
    const worker = setup.work(
      bridge.processor((_input, ctx) => {
        throw new TypeError(`attempt ${ctx.job.attempt}`);
      }),
    );
    worker.on("failed", (_entry, error) => seen.push(`${error.name}: ${error.message}`));
    // One attempt by BullMQ's count, three by the ledger's: the ledger's budget counts.
    const job = await bridge.add("fail", {}, { maxAttempts: 3, bullmq: { backoff: 20, attempts: 1 } });
    await untilEntry(setup.queue, job.id, "failed");
    const row = await setup.ledger.get(job.id);
    expect(row).toMatchObject({
      status: "failed",
      attempt: 3,
      error: { name: "TypeError", message: "attempt 3" },
    });
    const entry = await setup.queue.getJob(job.id);
    expect(entry).toMatchObject({ failedReason: "attempt 3", attemptsMade: 3 });
    expect(entry?.stacktrace).toHaveLength(3);
    await waitFor(() => seen.length === 3, { what: "three failures" });
    expect(seen).toEqual(["TypeError: attempt 1", "TypeError: attempt 2", "UnrecoverableError: attempt 3"]);
  });

  it("waits for the backoff of its own entry, by the ledger's count", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    setup.work(
      bridge.processor(
        () => {
          throw new Error("no");
        },
        // The delay that would apply without the entry's own backoff.
        { retry: { baseDelay: 1, maxDelay: 1 } },
      ),
    );
    const job = await bridge.add(
      "fail",
      {},
      { maxAttempts: 3, bullmq: { backoff: { type: "exponential", delay: 300 } } },
    );
    await untilEntry(setup.queue, job.id, "failed");
    const at = (await setup.ledger.transitions(job.id)).map(
      (line) => [line.reason, Date.parse(line.at)] as const,
    );
    const [, claimed1, retry1, claimed2, retry2, claimed3] = at;
    expect([claimed1?.[0], retry1?.[0], claimed2?.[0], retry2?.[0]]).toEqual([
      "claimed",
      "retry",
      "claimed",
      "retry",
    ]);
    expect(claimed2![1] - retry1![1]).toBeGreaterThanOrEqual(295);
    expect(claimed3![1] - retry2![1]).toBeGreaterThanOrEqual(595);
  });

  it("with a permanent error fails at once in both", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    setup.work(
      bridge.processor(() => {
        throw new NonRetryableError("never", { code: "NEVER" });
      }),
    );
    const job = await bridge.add("fail", {}, { maxAttempts: 5 });
    await untilEntry(setup.queue, job.id, "failed");
    expect(await setup.ledger.get(job.id)).toMatchObject({ status: "failed", attempt: 1 });
  });
});

describe("the handler's context", () => {
  it("records progress and log lines in the ledger and shows them in BullMQ", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    setup.work(
      bridge.processor((input, ctx, entry) => {
        ctx.progress(1, "there");
        ctx.log("a line");
        return { input, id: entry.id ?? null };
      }),
    );
    const job = await bridge.add("report", { a: [1] });
    await untilEntry(setup.queue, job.id, "completed");
    expect(await setup.ledger.get(job.id)).toMatchObject({
      output: { input: { a: [1] }, id: job.id },
      progress: { fraction: 1, message: "there" },
    });
    expect(await setup.ledger.logs(job.id, {})).toMatchObject([{ message: "a line", attempt: 1 }]);
    await waitFor(async () => (await setup.queue.getJob(job.id))?.progress === 100, { what: "progress" });
    expect((await setup.queue.getJobLogs(job.id)).logs).toEqual(["a line"]);
  });

  it("commits the handler's own SQL with the completion", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    setup.work(
      bridge.processor((_input, ctx) =>
        ctx.commit(async (tx) => {
          await tx.query("create table mine (n int)");
          return { rows: 0 };
        }),
      ),
    );
    const job = await bridge.add("commit", {});
    await untilEntry(setup.queue, job.id, "completed");
    expect((await setup.queue.getJob(job.id))?.returnvalue).toEqual({ rows: 0 });
  });

  it("fails the job in both when the ledger cannot store its output", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    setup.work(bridge.processor(() => ({ self: Number.NaN })));
    const job = await bridge.add("nan", {});
    await untilEntry(setup.queue, job.id, "failed");
    expect(await setup.ledger.get(job.id)).toMatchObject({ error: { code: "RESULT_UNSTORABLE" } });
  });
});

describe("cancelling in the ledger", () => {
  it("removes a waiting and a delayed entry from BullMQ", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    const waiting = await bridge.add("any", {});
    const delayed = await bridge.add("any", {}, { runAt: new Date(Date.now() + 3_600_000) });
    await untilEntry(setup.queue, waiting.id, "waiting");
    await untilEntry(setup.queue, delayed.id, "delayed");
    for (const { id } of [waiting, delayed]) await setup.ledger.cancel(id, { actor: "test" });
    await untilEntry(setup.queue, waiting.id, "unknown");
    await untilEntry(setup.queue, delayed.id, "unknown");
  });

  it("aborts a running handler, and BullMQ shows how it ended", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    let reason: unknown;
    setup.work(
      bridge.processor(
        (_input, { signal }) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener("abort", () => {
              reason = signal.reason;
              reject(signal.reason);
            }),
          ),
      ),
    );
    const job = await bridge.add("hang", {});
    await untilStatus(setup, job.id, "running");
    await setup.ledger.cancel(job.id, { actor: "test" });
    await untilEntry(setup.queue, job.id, "failed");
    expect(await setup.ledger.get(job.id)).toMatchObject({ status: "cancelled" });
    expect(reason).toMatchObject({ code: "JOB_CANCELLED" });
    expect((await setup.queue.getJob(job.id))?.failedReason).toBe("The job was cancelled.");
  });
});

describe("a new run of a finished job", () => {
  it.each([
    ["completed", "completed"],
    ["failed", "failed"],
  ])("that had %s replaces the finished entry", async (_what, end) => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    let runs = 0;
    setup.work(
      bridge.processor(() => {
        runs += 1;
        if (runs === 1 && end === "failed") throw new NonRetryableError("first");
        return { runs };
      }),
    );
    const job = await bridge.add("again", {});
    await untilEntry(setup.queue, job.id, end);
    const { version } = (await setup.ledger.get(job.id))!;
    await setup.ledger.requeue(job.id, { actor: "test", expectedVersion: version });
    await waitFor(async () => (await setup.queue.getJob(job.id))?.returnvalue?.runs === 2, {
      what: "the second run in BullMQ",
    });
    expect(await setup.ledger.get(job.id)).toMatchObject({ status: "completed", output: { runs: 2 } });
  });
});

describe("entries that do not belong to the ledger", () => {
  it("go to the handler given for them, and fail when there is no such handler", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    const entries = await Promise.all(
      ["old", "0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e"].map((id) =>
        setup.queue.add("legacy", { n: 4 }, { jobId: id, attempts: 1 }),
      ),
    );
    const worker = setup.work(bridge.processor(() => "never"));
    for (const { id } of entries) await untilEntry(setup.queue, id!, "failed");
    await worker.close();
    const old = await setup.queue.add("legacy", { n: 4 }, { jobId: "old-2" });
    setup.work(bridge.processor(() => "never", { foreign: async (entry) => entry.data.n * 2 }));
    await untilEntry(setup.queue, old.id!, "completed");
    expect((await setup.queue.getJob(old.id!))?.returnvalue).toBe(8);
  });
});

describe("pausing the queue in the ledger", () => {
  it("holds BullMQ's jobs back until the queue is resumed", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    const job = await bridge.add("any", {});
    await setup.ledger.setPaused(setup.queue.name, true);
    setup.work(bridge.processor(() => null));
    await untilEntry(setup.queue, job.id, "delayed");
    expect(await setup.ledger.get(job.id)).toMatchObject({ status: "pending", attempt: 0 });
    await setup.ledger.setPaused(setup.queue.name, false);
    await untilEntry(setup.queue, job.id, "completed");
  });
});

describe("closing the bridge", () => {
  it("gives back jobs that do not finish, without using an attempt of their budget, and another process runs them", async () => {
    const setup = await setUp();
    const first = await setup.bridge();
    const worker = setup.work(
      first.processor(
        (_input, { signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      ),
    );
    const job = await first.add("slow", {});
    await untilStatus(setup, job.id, "running");
    await Promise.all([first.close(), worker.close()]);
    expect(await setup.ledger.get(job.id)).toMatchObject({
      status: "pending",
      failures: 0,
      reason: "released",
    });
    const second = await setup.bridge();
    setup.work(second.processor(() => "done"));
    await untilEntry(setup.queue, job.id, "completed");
    expect(await setup.ledger.workers()).toHaveLength(1);
  });
});
