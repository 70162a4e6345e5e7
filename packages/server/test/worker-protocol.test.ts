import { newId } from "lockstep/internal/job";
import { expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { claimOne, registerWorker } from "../../lockstep/test/ledger/engines.js";
import { startServer, type TestServer } from "./start.js";

async function register(server: TestServer, more: object = {}): Promise<string> {
  const answer = await server.post("/api/workers", { name: "py", kinds: ["noop", "echo"], ...more });
  expect(answer).toMatchObject({ status: 201, body: { lease_seconds: 30, heartbeat_seconds: 10 } });
  return answer.body.id;
}

const submit = async (server: TestServer, body: object = {}) =>
  (await server.post("/api/jobs", { kind: "noop", ...body })).body;
const claim = async (server: TestServer, worker: string, body?: object) =>
  (await server.post(`/api/workers/${worker}/claim`, body)).body.jobs;
const settle = async (server: TestServer, worker: string, ...settlements: object[]) =>
  (await server.post(`/api/workers/${worker}/settle`, { settlements })).body.receipts;
const completed = (job: { id: string; attempt: number }, output: unknown = null) => ({
  job_id: job.id,
  attempt: job.attempt,
  outcome: { type: "completed", output },
});
const heartbeat = (server: TestServer, worker: string, held: object[]) =>
  server.post(`/api/workers/${worker}/heartbeat`, { held });

it("a worker in any language registers, claims, reports, settles and deregisters", async () => {
  const server = await startServer();
  const worker = await register(server);
  const job = await submit(server, { input: { n: 1 } });
  const [claimed] = await claim(server, worker, { limit: 5 });
  expect(claimed).toMatchObject({
    id: job.id,
    status: "running",
    attempt: 1,
    worker_id: worker,
    input: { n: 1 },
  });
  const at = new Date().toISOString();
  const report = {
    job_id: job.id,
    attempt: 1,
    progress: { fraction: 0.5, message: "half\u0000" },
    logs: [{ message: "hello", at }],
  };
  expect((await heartbeat(server, worker, [report])).body.jobs).toEqual([
    { job_id: job.id, attempt: 1, recall: null },
  ]);
  expect((await server.get(`/api/jobs/${job.id}`)).body.progress).toMatchObject({
    fraction: 0.5,
    message: "half\uFFFD",
  });
  expect((await server.get(`/api/jobs/${job.id}/logs`)).body.lines).toMatchObject([
    { level: "info", message: "hello" },
  ]);
  expect((await server.get("/api/workers")).body.workers).toMatchObject([
    { id: worker, name: "py", running: 1, live: true },
  ]);
  const done = completed(claimed, { ok: true });
  expect(await settle(server, worker, done)).toMatchObject([
    { job_id: job.id, result: "accepted", status: "completed", version: 3 },
  ]);
  expect(await settle(server, worker, done)).toMatchObject([{ result: "already" }]);
  expect((await server.get(`/api/jobs/${job.id}`)).body.output).toEqual({ ok: true });
  expect((await server.call("DELETE", `/api/workers/${worker}`)).status).toBe(204);
  for (const path of ["claim", "heartbeat"])
    expect(
      await server.post(`/api/workers/${worker}/${path}`, path === "claim" ? {} : { held: [] }),
    ).toMatchObject({ status: 404, body: { code: "WORKER_NOT_FOUND" } });
});

it("a claim grants only the requested kinds, queue and number", async () => {
  const server = await startServer();
  const worker = await register(server, { queues: ["a", "b"], kinds: ["noop"] });
  for (const queue of ["a", "a", "b", "c"]) await submit(server, { queue });
  await server.post("/api/jobs", { kind: "echo", input: { text: "x" }, queue: "a" });
  expect(await claim(server, worker, { limit: 1 })).toHaveLength(1);
  const rest = await claim(server, worker, { limit: 10 });
  expect(rest.map((job: { queue: string; kind: string }) => `${job.kind} ${job.queue}`)).not.toContain(
    "noop c",
  );
  expect(rest).toHaveLength(2);
  expect(await claim(server, worker, { queue: "c" })).toHaveLength(1);
  expect(await claim(server, worker, { kinds: ["echo"] })).toMatchObject([{ kind: "echo" }]);
});

it("a claim that waits is answered when a job comes, and with no job when the time is up", async () => {
  const server = await startServer();
  const worker = await register(server);
  expect(await claim(server, worker, { wait: 0.2 })).toEqual([]);
  const waiting = claim(server, worker, { wait: 30 });
  const job = await submit(server);
  expect(await waiting).toMatchObject([{ id: job.id }]);
  expect((await server.post(`/api/workers/${worker}/claim`, { wait: 31 })).status).toBe(400);
});

it("a job claimed for a client that has gone is given back at once", async () => {
  const server = await startServer();
  const worker = await register(server);
  const { ledger } = server.bench;
  const turn = ledger.turn;
  const gone = new AbortController();
  const job = await submit(server);
  let left = false;
  Object.assign(ledger, {
    turn: async (...given: Parameters<typeof turn>) => {
      const result = await turn(...given);
      if (result.claimed.length > 0) {
        gone.abort();
        await waitFor(() => left, { what: "the server to notice" });
      }
      return result;
    },
  });
  const asked = server.call("POST", `/api/workers/${worker}/claim`, { body: {}, signal: gone.signal });
  await expect(asked).rejects.toThrow();
  await waitFor(() => server.log().some((line) => line.msg === "request abandoned"), {
    what: "the connection to close",
  });
  left = true;
  const released = () => server.bench.ledger.get(job.id).then((now) => now?.reason === "released");
  await waitFor(released, { what: "the job to be given back" });
  expect(await ledger.get(job.id)).toMatchObject({ status: "pending", failures: 0 });
});

it("a job that the worker's heartbeats do not name counts as lost on the way to it, and is given back after a lease", async () => {
  const server = await startServer("postgres", { leaseSeconds: 4 });
  const { body } = await server.post("/api/workers", { name: "py", kinds: ["noop"] });
  const job = await submit(server);
  const [claimed] = await claim(server, body.id);
  await heartbeat(server, body.id, [{ job_id: job.id, attempt: 1 }]);
  await heartbeat(server, body.id, []);
  expect((await server.get(`/api/jobs/${job.id}`)).body.status).toBe("running");
  const released = async () => {
    await heartbeat(server, body.id, []);
    return (await server.get(`/api/jobs/${job.id}`)).body.reason === "released";
  };
  await waitFor(released, { what: "the job to be given back" });
  expect(await settle(server, body.id, completed(claimed, 1))).toMatchObject([
    { result: "accepted", status: "completed" },
  ]);
});

it("settling returns the result of each attempt, and the reason", async () => {
  const server = await startServer();
  const worker = await register(server);
  const other = await registerWorker(server.bench);
  for (let n = 0; n < 3; n++) await submit(server);
  const [mine, cancelled] = await claim(server, worker, { limit: 2 });
  const foreign = await claimOne(server.bench, other);
  await server.post(`/api/jobs/${cancelled.id}/cancel`);
  const { jobs } = (
    await heartbeat(
      server,
      worker,
      [mine, cancelled, foreign].map((job) => ({ job_id: job.id, attempt: job.attempt })),
    )
  ).body;
  expect(jobs.map((job: { recall: string }) => job.recall)).toEqual([null, "cancel_requested", "fenced"]);
  const failed = { job_id: mine.id, attempt: 1, outcome: { type: "failed", error: { message: "boom" } } };
  const receipts = await settle(
    server,
    worker,
    failed,
    { job_id: cancelled.id, attempt: 1, outcome: { type: "cancelled" } },
    completed(foreign),
    completed({ id: newId(), attempt: 1 }),
  );
  expect(
    receipts.map((receipt: { result: string; status: string }) => `${receipt.result} ${receipt.status}`),
  ).toEqual(["accepted pending", "accepted cancelled", "fenced running", "fenced null"]);
  const after = await settle(server, worker, completed(mine));
  expect(after).toMatchObject([{ result: "late", status: "pending" }]);
  for (const receipt of [...receipts, ...after]) expect(receipt.why).toMatch(/\.$/);
  const late = async (id: string) => (await server.get(`/api/jobs/${id}/attempts`)).body.late_results.length;
  expect([await late(mine.id), await late(foreign.id)]).toEqual([1, 0]);
});

it("a failed attempt is tried again by the kind's own policy, or not at all", async () => {
  const server = await startServer();
  const worker = await register(server, { concurrency: 2 });
  const once = await submit(server);
  const never = await submit(server);
  await claim(server, worker, { limit: 2 });
  const failed = (id: string, retry: boolean) => ({
    job_id: id,
    attempt: 1,
    outcome: { type: "failed", error: { message: "boom", code: "E1" }, retry },
  });
  await settle(server, worker, failed(once.id, true), failed(never.id, false));
  const again = (await server.get(`/api/jobs/${once.id}`)).body;
  expect(again).toMatchObject({ status: "pending", failures: 1, error: { message: "boom", code: "E1" } });
  expect(Date.parse(again.run_at) - Date.parse(again.as_of)).toBeLessThan(1_000);
  expect((await server.get(`/api/jobs/${never.id}`)).body).toMatchObject({ status: "failed", failures: 1 });
});

it("a result that cannot be stored fails only its own job", async () => {
  const server = await startServer();
  const worker = await register(server);
  for (let n = 0; n < 5; n++) await submit(server);
  const jobs: { id: string; attempt: number }[] = await claim(server, worker, { limit: 5 });
  const outputs = [
    '"fine"',
    '"a\\u0000b"',
    '{"deep":"\\udc00"}',
    "12345678901234567890",
    `${"[".repeat(102)}${"]".repeat(102)}`,
  ];
  const settlements = jobs.map(
    (job, index) =>
      `{"job_id":"${job.id.toUpperCase()}","attempt":1,"outcome":{"type":"completed","output":${outputs[index]}}}`,
  );
  const answer = await server.call("POST", `/api/workers/${worker}/settle`, {
    raw: `{"settlements":[${settlements.join(",")}]}`,
    headers: { "content-type": "application/json" },
  });
  const results = answer.body.receipts.map(
    (receipt: { result: string; status: string }) => `${receipt.result} ${receipt.status}`,
  );
  expect(results).toEqual(["accepted completed", ...Array.from({ length: 4 }, () => "unstorable failed")]);
  expect((await server.get(`/api/jobs/${jobs[1]?.id}`)).body.error).toMatchObject({
    code: "RESULT_UNSTORABLE",
  });
});

it("any other fault in a settlement rejects all of it", async () => {
  const server = await startServer();
  const worker = await register(server);
  await submit(server);
  const [job] = await claim(server, worker);
  const send = (raw: string) =>
    server.call("POST", `/api/workers/${worker}/settle`, {
      raw,
      headers: { "content-type": "application/json" },
    });
  const twice = await send(
    `{"settlements":[{"job_id":"${job.id}","attempt":1,"attempt":1,"outcome":{"type":"released"}}]}`,
  );
  expect(twice).toMatchObject({ status: 400, body: { errors: [{ pointer: "/settlements/0/attempt" }] } });
  for (const bad of [
    { job_id: "x", attempt: 1 },
    { job_id: job.id, attempt: 0 },
    { job_id: job.id, attempt: 2 ** 31 },
    { ...completed(job), outcome: { type: "won" } },
  ])
    expect(
      (
        await server.post(`/api/workers/${worker}/settle`, {
          settlements: [{ outcome: { type: "released" }, ...bad }],
        })
      ).status,
    ).toBe(400);
  expect((await server.get(`/api/jobs/${job.id}`)).body.status).toBe("running");
});

it("registering requires kinds, and rejects what cannot be stored", async () => {
  const server = await startServer();
  const bodies = [
    { name: "x" },
    { name: "x", kinds: [] },
    { name: "\u0000", kinds: ["a"] },
    { name: "x", kinds: ["A b"] },
    { name: "x", kinds: ["a"], pid: 2 ** 40 },
  ];
  for (const body of bodies) expect((await server.post("/api/workers", body)).status).toBe(400);
  expect((await server.get("/api/workers")).body.workers).toEqual([]);
});

it("a kind that only workers know can be submitted once a worker has offered it, also after that worker has gone", async () => {
  const server = await startServer();
  const job = { kind: "painted", input: { colour: "red" } };
  expect(await server.post("/api/jobs", job)).toMatchObject({ status: 422, body: { code: "UNKNOWN_KIND" } });
  const worker = await register(server, { kinds: ["painted"] });
  await server.call("DELETE", `/api/workers/${worker}`);
  const sent = await server.post("/api/jobs", job);
  expect(sent).toMatchObject({ status: 202, body: { kind: "painted", max_attempts: 3 } });
  const schedule = { ...job, name: "daily", cron: "@daily" };
  expect((await server.post("/api/schedules", schedule)).status).toBe(201);
  const batch = { kind: "painted", inputs: [{ colour: "blue" }] };
  expect((await server.post("/api/batches", batch)).status).toBe(202);
  const again = await register(server, { kinds: ["painted"] });
  expect(await claim(server, again, {})).toMatchObject([{ id: sent.body.id, input: { colour: "red" } }]);
});

it("an attempt that one request settles twice keeps its first outcome, and the second settlement gets already", async () => {
  const server = await startServer();
  const worker = await register(server);
  const job = await submit(server);
  const [claimed] = await claim(server, worker);
  const failed = { ...completed(claimed), outcome: { type: "failed", error: { message: "no" } } };
  expect(await settle(server, worker, completed(claimed, { ok: true }), failed)).toMatchObject([
    { result: "accepted", status: "completed" },
    { result: "already", status: "completed" },
  ]);
  expect((await server.get(`/api/jobs/${job.id}`)).body).toMatchObject({
    status: "completed",
    output: { ok: true },
  });
});
