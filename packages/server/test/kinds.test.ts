import { defineJob } from "lockstep/internal/job";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ENGINES } from "../../lockstep/test/ledger/engines.js";
import { startServer, type TestServer } from "./start.js";

const options = {
  kind: "send-mail",
  queue: "mail",
  input: z.strictObject({ to: z.string().min(3), copies: z.int().optional() }),
  retry: { maxAttempts: 5, baseDelay: "1h", maxDelay: "1h" },
  timeout: "30s",
  priority: -3,
  limitKey: "smtp",
  run: () => null,
} as const;
const mail = defineJob(options);
const defaults = { queue: "mail", max_attempts: 5, timeout_ms: 30_000, priority: -3, limit_key: "smtp" };
const job = { kind: "send-mail", input: { to: "ada" } };

/** A server that does not define the kind; another process has recorded it. */
async function serverOfMail(engine: (typeof ENGINES)[number] = "pglite"): Promise<TestServer> {
  const server = await startServer(engine);
  await server.bench.ledger.kinds.define([mail]);
  return server;
}

describe.each(ENGINES)("a kind that another process has recorded, on %s", (engine) => {
  it("gives a submit its defaults, in each form", async () => {
    const server = await serverOfMail(engine);
    expect((await server.post("/api/jobs", job)).body).toMatchObject(defaults);
    const own = { queue: "other", max_attempts: 1, timeout_ms: 5, priority: 9, limit_key: "mine" };
    expect((await server.post("/api/jobs", { ...job, ...own })).body).toMatchObject(own);
    const many = await server.post("/api/jobs/batch", { jobs: [job, { ...job, queue: "other" }] });
    expect(many.body.jobs).toMatchObject([{ queue: "mail" }, { queue: "other" }]);
    const batch = await server.post("/api/batches", { kind: "send-mail", inputs: [{ to: "bob" }] });
    const { jobs } = (await server.get(`/api/batches/${batch.body.id}/jobs`)).body;
    expect((await server.get(`/api/jobs/${jobs[0].id}`)).body).toMatchObject(defaults);
  });

  it("refuses an input that does not fit, with its place, and records nothing", async () => {
    const server = await serverOfMail(engine);
    const bad = { to: "x", copies: 1.5, more: 1 };
    const places = (at: string) =>
      ["copies", "more", "to"].map((name) => expect.objectContaining({ pointer: `${at}/${name}` }));
    for (const [path, body, at] of [
      ["/api/jobs", { kind: "send-mail", input: bad }, "/input"],
      ["/api/jobs/batch", { jobs: [job, { ...job, input: bad }] }, "/jobs/1/input"],
      ["/api/batches", { kind: "send-mail", inputs: [{ to: "bob" }, bad] }, "/inputs/1"],
      ["/api/schedules", { ...job, name: "often", cron: "@daily", input: bad }, "/input"],
    ] as const) {
      const answer = await server.post(path, body);
      expect(answer).toMatchObject({ status: 422, body: { code: "INVALID_INPUT" } });
      expect(answer.body.errors).toEqual(expect.arrayContaining(places(at)));
    }
    expect((await server.get("/api/jobs")).body.jobs).toEqual([]);
  });

  it("is shown with what is recorded, and a kind that nobody recorded is not found", async () => {
    const server = await serverOfMail(engine);
    const shown = (await server.get("/api/kinds/send-mail")).body;
    expect(shown).toMatchObject({
      ...{ kind: "send-mail", ...defaults, backoff: { base_delay_ms: 3_600_000 }, workers_live: 0 },
      input_schema: { required: ["to"] },
      recorded_at: expect.any(String),
    });
    const list = (await server.get("/api/kinds")).body;
    expect(list.kinds.map(({ kind }: { kind: string }) => kind)).toEqual([
      ...["anything", "echo", "noop", "send-mail"],
    ]);
    const page = (await server.get("/api/kinds?limit=3&cursor=anything")).body;
    expect([page.kinds.length, page.next]).toEqual([3, null]);
    expect(await server.get("/api/kinds/send-mial")).toMatchObject({
      status: 404,
      body: { code: "NOT_FOUND" },
    });
  });
});

it("a kind that nobody recorded is refused, unless the request allows it", async () => {
  const server = await serverOfMail();
  const unknown = { kind: "send-mial", input: {} };
  const detail = "is not a known kind; did you mean send-mail?";
  for (const [path, body, pointer] of [
    ["/api/jobs", unknown, "/kind"],
    ["/api/jobs/batch", { jobs: [job, unknown] }, "/jobs/1/kind"],
    ["/api/batches", { kind: "send-mial", inputs: [{}] }, "/kind"],
    ["/api/schedules", { ...unknown, name: "often", cron: "@daily" }, "/kind"],
  ] as const) {
    const answer = await server.post(path, body);
    expect(answer).toMatchObject({
      status: 422,
      body: { code: "UNKNOWN_KIND", errors: [{ pointer, detail }] },
    });
    const allowed =
      path === "/api/jobs/batch"
        ? { jobs: [job, { ...unknown, allow_unknown: true }] }
        : { ...body, allow_unknown: true };
    expect([201, 202]).toContain((await server.post(path, allowed)).status);
  }
});

it("a schedule copies what is recorded", async () => {
  const server = await serverOfMail();
  const schedule = { ...job, name: "often", cron: "@daily" };
  expect((await server.post("/api/schedules", schedule)).body).toMatchObject(defaults);
  const other = { ...schedule, name: "other", limit_key: "mine" };
  expect((await server.post("/api/schedules", other)).body).toMatchObject({ limit_key: "mine" });
});

it("what is recorded last counts, also over a server's own definition", async () => {
  const server = await startServer("pglite");
  const echo = defineJob({ ...options, kind: "echo", queue: "new" });
  await server.bench.ledger.kinds.define([echo]);
  expect((await server.post("/api/jobs", { kind: "echo", input: { to: "ada" } })).body).toMatchObject({
    queue: "new",
  });
  expect(await server.post("/api/jobs", { kind: "echo", input: { text: "ada" } })).toMatchObject({
    status: 422,
    body: { code: "INVALID_INPUT" },
  });
});

describe("a worker that registers over HTTP", () => {
  const definition = {
    kind: "resize",
    queue: "images",
    max_attempts: 2,
    input_schema: { type: "object", required: ["url"] },
  };

  it("records the kinds it defines, which count at once", async () => {
    const server = await startServer("pglite");
    const register = (more: object = {}) =>
      server.post("/api/workers", {
        ...{ name: "python", kinds: ["resize", "plain"], definitions: [{ ...definition, ...more }] },
      });
    expect((await register()).status).toBe(201);
    const submit = () => server.post("/api/jobs", { kind: "resize", input: { url: "x" } });
    expect((await submit()).body).toMatchObject({ queue: "images", max_attempts: 2 });
    expect(await server.post("/api/jobs", { kind: "resize", input: {} })).toMatchObject({
      status: 422,
      body: { code: "INVALID_INPUT", errors: [{ pointer: "/input/url", detail: "is required" }] },
    });
    expect((await server.post("/api/jobs", { kind: "plain", input: 1 })).body).toMatchObject({
      ...{ queue: "default", max_attempts: 3 },
    });
    await register({ queue: "pictures" });
    expect((await submit()).body).toMatchObject({ queue: "pictures" });
  });

  it("waits after a failure as its kind says", async () => {
    const server = await serverOfMail();
    const worker = (await server.post("/api/workers", { name: "python", kinds: ["send-mail"] })).body.id;
    const { id } = (await server.post("/api/jobs", job)).body;
    // The wait is random: between nothing and an hour.
    const random = Math.random;
    Math.random = () => 0.5;
    try {
      await server.post(`/api/workers/${worker}/claim`, {});
      await server.post(`/api/workers/${worker}/settle`, {
        settlements: [{ job_id: id, attempt: 1, outcome: { type: "failed", error: { message: "no" } } }],
      });
    } finally {
      Math.random = random;
    }
    const { run_at } = (await server.get(`/api/jobs/${id}`)).body;
    expect(Date.parse(run_at)).toBeGreaterThan(Date.now() + 1_700_000);
  });

  it.each([
    [{ ...definition, kind: "other" }, "/definitions/0/kind"],
    [{ ...definition, queue: "No" }, "/definitions/0/queue"],
    [
      { ...definition, backoff: { base_delay_ms: 0, max_delay_ms: 1 } },
      "/definitions/0/backoff/base_delay_ms",
    ],
    [{ ...definition, input_schema: { enum: ["x".repeat(262_144)] } }, "/definitions/0/input_schema"],
  ])("is refused with %j", async (wrong, pointer) => {
    const server = await startServer("pglite");
    const body = { name: "python", kinds: ["resize"], definitions: [wrong] };
    expect(await server.post("/api/workers", body)).toMatchObject({
      status: 400,
      body: { code: "INVALID_REQUEST", errors: [{ pointer }] },
    });
  });
});
