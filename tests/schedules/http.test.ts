import { expect, it } from "vitest";
import { missed, tick } from "../../packages/lockstep/test/schedules/schedules.js";
import { startServer } from "../../packages/server/test/start.js";

const nightly = { name: "nightly", kind: "echo", input: { text: "hi" }, cron: "0 3 * * *" };

it("a schedule is created with the kind's defaults, read, listed, paused, resumed and removed", async () => {
  const server = await startServer();
  const made = await server.post("/api/schedules", { ...nightly, timezone: "Europe/Berlin" });
  expect(made).toMatchObject({
    status: 201,
    body: {
      name: "nightly",
      kind: "echo",
      queue: "voices",
      max_attempts: 5,
      timeout_ms: 120_000,
      priority: 0,
      timezone: "Europe/Berlin",
      catch_up: "one",
      actor: "api",
      last_at: null,
    },
  });
  expect(made.headers.get("location")).toBe("/api/schedules/nightly");
  expect((await server.get("/api/schedules/nightly")).body).toEqual(made.body);
  await server.post("/api/schedules", { ...nightly, name: "other" });
  const page = (await server.get("/api/schedules?limit=1")).body;
  expect(page).toMatchObject({ schedules: [{ name: "nightly" }], next: "nightly", source: "ledger" });
  expect((await server.get("/api/schedules?cursor=nightly")).body).toMatchObject({
    schedules: [{ name: "other" }],
    next: null,
  });
  expect((await server.post("/api/schedules/nightly/pause")).body.paused_at).toEqual(expect.any(String));
  expect((await server.post("/api/schedules/nightly/resume")).body.paused_at).toBeNull();
  expect((await server.call("DELETE", "/api/schedules/nightly")).status).toBe(204);
  for (const [method, path] of [
    ["GET", ""],
    ["DELETE", ""],
    ["POST", "/pause"],
    ["POST", "/resume"],
  ] as const)
    expect(await server.call(method, `/api/schedules/nightly${path}`)).toMatchObject({
      status: 404,
      body: { code: "SCHEDULE_NOT_FOUND" },
    });
});

it("it submits a job like any other, and the job names the schedule", async () => {
  const server = await startServer();
  await server.post("/api/schedules", { ...nightly, limit_key: "customer-7" });
  await missed(server.bench, "1 hours", "nightly");
  const turn = await tick(server.bench);
  const { body } = await server.get(`/api/jobs/${turn?.jobs[0]}`);
  expect(body).toMatchObject({
    kind: "echo",
    status: "pending",
    actor: "schedule:nightly",
    limit_key: "customer-7",
  });
  expect((await server.get("/api/schedules/nightly")).body).toMatchObject({
    last_job_id: body.id,
    limit_key: "customer-7",
  });
});

it.each([
  [{ cron: "often" }, 422, "INVALID_INPUT", "/cron"],
  [{ cron: "0 0 30 2 *" }, 422, "INVALID_INPUT", "/cron"],
  [{ timezone: "Mars/Base" }, 422, "INVALID_INPUT", "/timezone"],
  [{ input: { text: 1 } }, 422, "INVALID_INPUT", "/input/text"],
  [{ kind: "none" }, 422, "UNKNOWN_KIND", "/kind"],
  [{ name: "No" }, 400, "INVALID_REQUEST", "/name"],
  [{ catch_up: "some" }, 400, "INVALID_REQUEST", "/catch_up"],
  [{ run_at: "2031-01-01T00:00:00Z" }, 400, "INVALID_REQUEST", "/run_at"],
])("%j is rejected with its pointer", async (changes, status, code, pointer) => {
  const server = await startServer();
  expect(await server.post("/api/schedules", { ...nightly, ...changes })).toMatchObject({
    status,
    body: { code, errors: [{ pointer }] },
  });
  expect((await server.get("/api/schedules")).body.schedules).toEqual([]);
});

it("a second schedule with the same name is refused, and changes nothing", async () => {
  const server = await startServer();
  const { body } = await server.post("/api/schedules", nightly);
  expect(await server.post("/api/schedules", { ...nightly, cron: "* * * * *" })).toMatchObject({
    status: 409,
    body: { code: "SCHEDULE_EXISTS" },
  });
  expect((await server.get("/api/schedules/nightly")).body).toEqual(body);
});

it("reading needs the role read, changing needs the role operate", async () => {
  const server = await startServer();
  const operator = await server.as("operate");
  expect((await operator.post("/api/schedules", nightly)).status).toBe(201);
  const submitter = await server.as("submit");
  expect((await submitter.get("/api/schedules/nightly")).status).toBe(200);
  for (const [method, path, body] of [
    ["POST", "/api/schedules", nightly],
    ["POST", "/api/schedules/nightly/pause", undefined],
    ["POST", "/api/schedules/nightly/resume", undefined],
    ["DELETE", "/api/schedules/nightly", undefined],
  ] as const)
    expect(await submitter.call(method, path, { body })).toMatchObject({
      status: 403,
      body: { code: "FORBIDDEN" },
    });
});
