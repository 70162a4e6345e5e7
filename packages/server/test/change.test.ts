import { expect, it } from "vitest";
import { claimOne, completed, registerWorker, settle } from "../../lockstep/test/ledger/engines.js";
import { startServer } from "./start.js";

it("cancel ends a pending job at once, and asks a running one to stop", async () => {
  const server = await startServer();
  const { bench } = server;
  const { body: pending } = await server.post("/api/jobs", { kind: "noop" });
  const cancelled = await server.post(`/api/jobs/${pending.id}/cancel`);
  expect(cancelled).toMatchObject({ status: 200, body: { status: "cancelled", version: 2, actor: "api" } });
  expect(cancelled.headers.get("etag")).toBe('"2"');
  const { body: running } = await server.post("/api/jobs", { kind: "noop" });
  const job = await claimOne(bench, await registerWorker(bench));
  const asked = await server.post(`/api/jobs/${running.id}/cancel`);
  expect(asked.body).toMatchObject({
    status: "running",
    version: 3,
    cancel_requested_at: expect.any(String),
  });
  await settle(bench, job, completed());
  const late = await server.post(`/api/jobs/${running.id}/cancel`);
  expect(late).toMatchObject({ status: 409, body: { code: "ALREADY_FINISHED" } });
});

it("retry starts a new run, and only of a finished job", async () => {
  const server = await startServer();
  const { body: job } = await server.post("/api/jobs", { kind: "noop", unique_key: "one" });
  expect(await server.post(`/api/jobs/${job.id}/retry`)).toMatchObject({
    status: 409,
    body: { code: "NOT_FINISHED" },
  });
  await server.post(`/api/jobs/${job.id}/cancel`);
  const again = await server.post(`/api/jobs/${job.id}/retry`);
  expect(again).toMatchObject({ status: 200, body: { status: "pending", version: 3, reason: "requeued" } });
  await server.post(`/api/jobs/${job.id}/cancel`);
  await server.post("/api/jobs", { kind: "noop", unique_key: "one" });
  expect(await server.post(`/api/jobs/${job.id}/retry`)).toMatchObject({
    status: 409,
    body: { code: "UNIQUE_KEY_TAKEN" },
  });
});

it("If-Match limits a change to the version that the client saw", async () => {
  const server = await startServer();
  const { body: job } = await server.post("/api/jobs", { kind: "noop" });
  const cancel = (tag: string) => server.post(`/api/jobs/${job.id}/cancel`, undefined, { "if-match": tag });
  expect(await cancel('"2"')).toMatchObject({ status: 412, body: { code: "VERSION_MISMATCH" } });
  expect(await cancel("soon")).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: "/if-match", in: "header" }] },
  });
  expect((await server.get(`/api/jobs/${job.id}`)).body.version).toBe(1);
  expect((await cancel('"1"')).body.status).toBe("cancelled");
  expect(await cancel('"1"')).toMatchObject({ status: 412, body: { code: "VERSION_MISMATCH" } });
  expect((await cancel('"2"')).body).toMatchObject({ status: "cancelled", version: 2 });
  const retry = await server.post(`/api/jobs/${job.id}/retry`, undefined, { "if-match": '"1"' });
  expect(retry).toMatchObject({ status: 412, body: { code: "VERSION_MISMATCH" } });
});

it("queues are paused, resumed and counted", async () => {
  const server = await startServer();
  await server.post("/api/jobs", { kind: "noop", queue: "slow" });
  expect((await server.post("/api/queues/slow/pause")).body).toMatchObject({
    queue: "slow",
    pending: 1,
    paused_at: expect.any(String),
  });
  const worker = await registerWorker(server.bench);
  const claim = { worker_id: worker, queue: "slow", kinds: ["noop"], limit: 1, after: null };
  expect((await server.bench.ledger.turn([], claim)).claimed).toEqual([]);
  expect((await server.post("/api/queues/slow/resume")).body.paused_at).toBeNull();
  expect((await server.bench.ledger.turn([], claim)).claimed).toHaveLength(1);
  expect((await server.get("/api/queues")).body.queues).toMatchObject([{ queue: "slow", running: 1 }]);
  for (const name of ["none", "N%20o", "%00"])
    expect(await server.post(`/api/queues/${name}/pause`)).toMatchObject({
      status: 404,
      body: { code: "QUEUE_NOT_FOUND" },
    });
});
