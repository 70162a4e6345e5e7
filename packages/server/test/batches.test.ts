import { expect, it } from "vitest";
import { claim, completed, failed, registerWorker, settle } from "../../lockstep/test/ledger/engines.js";
import { startServer } from "./start.js";

const NONE = { pending: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };

it("a batch is submitted, read, listed, cancelled and retried, and its jobs are found by its id", async () => {
  const server = await startServer();
  const inputs = Array.from({ length: 5 }, (_, n) => ({ n }));
  const submitted = await server.post("/api/batches", {
    kind: "noop",
    name: "five of them",
    input: { shared: true, n: 0 },
    inputs,
    priority: 3,
    tags: ["night"],
  });
  expect(submitted.status).toBe(202);
  const id = submitted.body.id as string;
  expect(submitted.headers.get("location")).toBe(`/api/batches/${id}`);
  expect(submitted.body).toMatchObject({
    name: "five of them",
    jobs: 5,
    counts: { ...NONE, pending: 5 },
    source: "ledger",
  });

  const { jobs, total } = (await server.get(`/api/jobs?batch=${id}&count=true`)).body;
  expect(total).toBe(5);
  expect(jobs[0]).toMatchObject({ batch_id: id, priority: 3, tags: ["night"] });
  expect((await server.get(`/api/jobs/${jobs[0].id}`)).body.input).toEqual({ shared: true, n: 4 });
  const page = (await server.get(`/api/batches/${id}/jobs?status=pending&limit=2`)).body;
  expect([page.jobs.length, page.next]).toEqual([2, page.jobs[1].id]);

  expect((await server.post(`/api/batches/${id}/cancel`)).body).toMatchObject({
    changed: 5,
    batch: { counts: { ...NONE, cancelled: 5 }, progress: { finished: 5, fraction: 1 } },
  });
  expect((await server.post(`/api/batches/${id}/retry`)).body).toMatchObject({
    changed: 5,
    batch: { counts: { ...NONE, pending: 5 } },
  });
  expect((await server.get("/api/batches")).body.batches).toMatchObject([{ id }]);
  const nobody = "01990000-0000-7000-8000-000000000000";
  for (const path of [nobody, `${nobody}/jobs`, `${nobody}/results`, "x"])
    expect((await server.get(`/api/batches/${path}`)).body).toMatchObject({ code: "BATCH_NOT_FOUND" });
});

it("nothing of a batch is committed when one input is invalid, and each fault has its pointer", async () => {
  const server = await startServer();
  const inputs = [{ text: "a" }, { text: 7 }, { text: "c", extra: 1 }];
  const refused = await server.post("/api/batches", { kind: "echo", inputs });
  expect(refused.status).toBe(422);
  expect(refused.body.errors.map((issue: { pointer: string }) => issue.pointer)).toEqual([
    "/inputs/1/text",
    "/inputs/2/extra",
  ]);
  for (const [body, code] of [
    [{ kind: "nothing", inputs: [{}] }, "UNKNOWN_KIND"],
    [{ kind: "noop", library: "0".repeat(64) }, "INVALID_INPUT"],
    [{ kind: "noop" }, "INVALID_INPUT"],
    [{ kind: "noop", inputs: [{}], library: "0".repeat(64) }, "INVALID_INPUT"],
    [{ kind: "noop", inputs: [] }, "INVALID_REQUEST"],
  ] as const)
    expect((await server.post("/api/batches", body)).body).toMatchObject({ code });
  expect((await server.get("/api/jobs?count=true")).body.total).toBe(0);
});

it("the same Idempotency-Key and body give the same batch, another body is rejected", async () => {
  const server = await startServer();
  const submit = (n: number) =>
    server.post("/api/batches", { kind: "noop", inputs: [{ n }] }, { "idempotency-key": "monday" });
  const first = await submit(1);
  const again = await submit(1);
  expect([again.body.id, again.headers.get("idempotent-replayed")]).toEqual([first.body.id, "true"]);
  expect((await submit(2)).body).toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
});

it("results of a kind without a score are those of the finished jobs, also while others are pending", async () => {
  const server = await startServer();
  const { id } = (await server.post("/api/batches", { kind: "noop", inputs: [{}, {}, {}] })).body;
  const worker = await registerWorker(server.bench);
  const [done, bad] = await claim(server.bench, worker, 2);
  if (!done || !bad) throw new Error("nothing was claimed");
  await settle(server.bench, done, completed({ ok: 1 }));
  await settle(server.bench, bad, failed(null, '=cmd|"x", y'));
  const { body } = await server.get(`/api/batches/${id}/results`);
  expect(body).toMatchObject({
    batch: { counts: { pending: 1, completed: 1, failed: 1 } },
    columns: [],
    results: [
      { rank: null, job_id: done.id, status: "completed", error: null },
      { rank: null, job_id: bad.id, status: "failed", error: { message: '=cmd|"x", y' } },
    ],
  });
  const csv = await server.get(`/api/batches/${id}/results?format=csv`);
  expect(csv.headers.get("content-disposition")).toContain(`batch-${id}.csv`);
  expect(csv.body.split("\r\n")).toEqual([
    "rank,job_id,status,error",
    `,${done.id},completed,`,
    `,${bad.id},failed,"ERROR: =cmd|""x"", y"`,
    "",
  ]);
  expect((await server.get(`/api/batches/${id}/results?format=sdf`)).body).toMatchObject({
    code: "INVALID_REQUEST",
  });
});

it("submitting needs the role submit, cancelling and retrying need the role operate", async () => {
  const server = await startServer();
  const [reader, submitter] = [await server.as("read"), await server.as("submit")];
  expect((await reader.post("/api/batches", { kind: "noop", inputs: [{}] })).status).toBe(403);
  const { id } = (await submitter.post("/api/batches", { kind: "noop", inputs: [{}] })).body;
  for (const action of ["cancel", "retry"])
    expect((await submitter.post(`/api/batches/${id}/${action}`)).status).toBe(403);
  expect((await reader.get(`/api/batches/${id}`)).status).toBe(200);
});
