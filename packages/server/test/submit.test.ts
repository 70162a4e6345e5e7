import { describe, expect, it } from "vitest";
import { ENGINES } from "../../lockstep/test/ledger/engines.js";
import { startServer } from "./start.js";

describe.each(ENGINES)("submitting a job over HTTP, on %s", (engine) => {
  it("answers 202 with the committed job, its address and its version", async () => {
    const server = await startServer(engine);
    const answer = await server.post("/api/jobs", { kind: "echo", input: { text: "hi" }, tags: ["a"] });
    expect(answer.status).toBe(202);
    expect(answer.headers.get("location")).toBe(`/api/jobs/${answer.body.id}`);
    expect(answer.headers.get("etag")).toBe('"1"');
    expect(answer.body).toMatchObject({
      kind: "echo",
      status: "pending",
      version: 1,
      input: { text: "hi" },
      actor: "api",
      source: "ledger",
    });
    expect(await server.bench.ledger.get(answer.body.id)).toMatchObject({ status: "pending", version: 1 });
  });

  it("fills in the kind's own queue, attempts and timeout", async () => {
    const server = await startServer(engine);
    const plain = await server.post("/api/jobs", { kind: "echo", input: { text: "hi" } });
    expect(plain.body).toMatchObject({ queue: "voices", max_attempts: 5, timeout_ms: 120_000 });
    const own = {
      queue: "mine",
      max_attempts: 2,
      timeout_ms: 5,
      priority: -3,
      run_at: "2031-02-03T04:05:06.789+02:00",
    };
    const answer = await server.post("/api/jobs", { kind: "echo", input: { text: "hi" }, ...own });
    expect(answer.body).toMatchObject({ ...own, run_at: "2031-02-03T02:05:06.789000Z" });
  });

  it("gives the same job for the same idempotency key and body, and 422 for another body", async () => {
    const server = await startServer(engine);
    const key = { "idempotency-key": "order 7" };
    const first = await server.post("/api/jobs", { kind: "echo", input: { text: "hi", n: 1 } }, key);
    const again = await server.post("/api/jobs", { kind: "echo", input: { n: 1, text: "hi" } }, key);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.body.id).toBe(first.body.id);
    expect([first.headers.get("idempotent-replayed"), again.headers.get("idempotent-replayed")]).toEqual([
      null,
      "true",
    ]);
    const other = await server.post("/api/jobs", { kind: "echo", input: { text: "other" } }, key);
    expect(other).toMatchObject({ status: 422, body: { code: "IDEMPOTENCY_MISMATCH" } });
    expect((await server.get("/api/jobs")).body.jobs).toHaveLength(1);
  });

  it("answers 200 with the live job that holds the unique key", async () => {
    const server = await startServer(engine);
    const first = await server.post("/api/jobs", { kind: "noop", unique_key: "k" });
    const second = await server.post("/api/jobs", { kind: "noop", unique_key: "k" });
    expect(second).toMatchObject({ status: 200, body: { id: first.body.id, deduplicated: true } });
  });

  it("records a batch whole, in one answer", async () => {
    const server = await startServer(engine);
    const jobs = Array.from({ length: 2_000 }, (_, n) => ({ kind: "echo", input: { text: "hi", n } }));
    const answer = await server.post("/api/jobs/batch", {
      jobs: [...jobs, { kind: "noop", idempotency_key: "one" }],
    });
    expect(answer.status).toBe(202);
    expect(answer.body.jobs).toHaveLength(2_001);
    expect(new Set(answer.body.jobs.map((job: { id: string }) => job.id)).size).toBe(2_001);
    const again = await server.post("/api/jobs/batch", { jobs: [{ kind: "noop", idempotency_key: "one" }] });
    expect(again.body.jobs[0]).toMatchObject({
      id: answer.body.jobs[2_000].id,
      deduplicated: "idempotency_key",
    });
  });

  it("returns the jobs of a batch again for its Idempotency-Key, and rejects another batch with that key", async () => {
    const server = await startServer(engine);
    const jobs = [{ kind: "noop" }, { kind: "echo", input: { text: "x" } }, { kind: "noop" }];
    const key = { "idempotency-key": "k".repeat(255) };
    const send = (batch: object[]) => server.post("/api/jobs/batch", { jobs: batch }, key);
    const [first, second] = await Promise.all([send(jobs), send(jobs)]);
    const ids = (answer: typeof first) => answer.body.jobs.map((job: { id: string }) => job.id);
    expect(new Set(ids(first)).size).toBe(3);
    expect(ids(second)).toEqual(ids(first));
    const again = await send(jobs);
    expect(ids(again)).toEqual(ids(first));
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    for (const other of [jobs.slice(0, 2), [...jobs, { kind: "noop" }], [...jobs].reverse().slice(1)])
      expect(await send(other)).toMatchObject({ status: 422, body: { code: "IDEMPOTENCY_MISMATCH" } });
    expect((await server.get("/api/jobs")).body.jobs).toHaveLength(3);
  });

  it("records nothing of a batch with faults, and points to each fault", async () => {
    const server = await startServer(engine);
    const jobs = [
      { kind: "noop" },
      { kind: "echo", input: { text: 1 } },
      { kind: "nope" },
      { kind: "echo", input: { text: "x", y: 1 } },
    ];
    const answer = await server.post("/api/jobs/batch", { jobs });
    expect(answer).toMatchObject({ status: 422, body: { code: "INVALID_INPUT" } });
    expect(answer.body.errors.map((issue: { pointer: string }) => issue.pointer)).toEqual([
      "/jobs/1/input/text",
      "/jobs/2/kind",
      "/jobs/3/input/y",
    ]);
    expect((await server.get("/api/jobs")).body.jobs).toEqual([]);
  });

  it("rejects an empty batch and one of more than ten thousand", async () => {
    const server = await startServer(engine);
    expect(await server.post("/api/jobs/batch", { jobs: [] })).toMatchObject({ status: 400 });
    const jobs = Array.from({ length: 10_001 }, () => ({ kind: "noop" }));
    const answer = await server.post("/api/jobs/batch", { jobs });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: "INVALID_REQUEST", errors: [{ pointer: "/jobs" }] },
    });
  });
});
