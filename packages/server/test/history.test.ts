import { newId } from "lockstep/internal/job";
import { expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { claimOne, completed, failed, registerWorker, settle } from "../../lockstep/test/ledger/engines.js";
import { startMaintenance, startServer } from "./start.js";

it("a job's transitions, attempts, logs and explanation are returned as recorded", async () => {
  const server = await startServer();
  const { bench } = server;
  await startMaintenance(bench);
  const worker = await registerWorker(bench);
  const { id } = (await server.post("/api/jobs", { kind: "noop" })).body;
  const first = await claimOne(bench, worker);
  const lines = ["one", "two", "three"].map((message) => ({
    level: "info" as const,
    message,
    at: new Date().toISOString(),
  }));
  await bench.ledger.report(worker, [{ job_id: id, attempt: 1, progress: null, logs: lines }]);
  await settle(bench, first, failed(0, "exit 137"));
  const second = await waitFor(() => claimOne(bench, worker).catch(() => null), {
    what: "the second attempt",
  });
  await settle(bench, second, completed({ ok: true }));

  const { transitions, source, as_of } = (await server.get(`/api/jobs/${id}/transitions`)).body;
  expect([source, typeof as_of]).toEqual(["ledger", "string"]);
  expect(
    transitions.map((line: { version: number; reason: string }) => `${line.version} ${line.reason}`),
  ).toEqual(["1 submitted", "2 claimed", "3 retry", "4 claimed", "5 succeeded"]);
  const { attempts, late_results } = (await server.get(`/api/jobs/${id}/attempts`)).body;
  expect(attempts).toMatchObject([
    { attempt: 1, outcome: "retried", worker_id: worker, error: { message: "exit 137" } },
    { attempt: 2, outcome: "completed", error: null },
  ]);
  expect(late_results).toEqual([]);
  const logs = (await server.get(`/api/jobs/${id}/logs?limit=2`)).body.lines;
  expect(logs.map((line: { message: string }) => line.message)).toEqual(["one", "two"]);
  const rest = (await server.get(`/api/jobs/${id}/logs?after=${logs[1].seq}`)).body.lines;
  expect(rest.map((line: { message: string }) => line.message)).toEqual(["three"]);
  expect((await server.get(`/api/jobs/${id}/explain`)).body).toMatchObject({
    job_id: id,
    status: "completed",
    version: 5,
  });
});

it("the history of a job that does not exist is 404, not empty", async () => {
  const server = await startServer();
  for (const part of ["transitions", "attempts", "logs", "explain", "artifacts", "artifacts/x"])
    expect(await server.get(`/api/jobs/${newId()}/${part}`)).toMatchObject({
      status: 404,
      body: { code: "JOB_NOT_FOUND" },
    });
});

it("kinds and statistics are returned", async () => {
  const server = await startServer();
  const { kinds } = (await server.get("/api/kinds")).body;
  expect(kinds.map((kind: { kind: string }) => kind.kind)).toEqual(["anything", "echo", "noop"]);
  expect((await server.get("/api/kinds/echo")).body).toMatchObject({
    description: "Returns its input text",
    max_attempts: 5,
    input_schema: { type: "object", required: ["text"], additionalProperties: false },
  });
  expect(await server.get("/api/kinds/nope")).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
  await server.post("/api/jobs", { kind: "noop" });
  const stats = (await server.get("/api/stats")).body;
  expect(stats).toMatchObject({ counts: { pending: 1, running: 0 }, workers_live: 0, source: "ledger" });
  expect(stats.throughput).toBeInstanceOf(Array);
});
