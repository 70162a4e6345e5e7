import { expect, it } from "vitest";
import { runCli } from "../../packages/cli/test/run-cli.js";
import { startServer } from "../../packages/server/test/start.js";

const WORKER = { name: "w", kinds: ["noop"], queues: ["default"], concurrency: 10 };

it("limits are set, shown and removed one by one", async () => {
  const server = await startServer();
  const address = "/api/queues/default/limits";
  expect((await server.get(address)).body).toEqual({
    queue: "default",
    limit: null,
    each_key: null,
    keys: [],
  });
  await server.put(address, { concurrency: 2 });
  await server.put(address, { scope: "each_key", rate: { count: 5, per_ms: 1_000 } });
  const { status, body } = await server.put(address, { scope: "key", key: "acme", concurrency: 1 });
  expect([status, body]).toEqual([
    200,
    {
      queue: "default",
      limit: { concurrency: 2, rate: null },
      each_key: { concurrency: null, rate: { count: 5, per_ms: 1_000 } },
      keys: [{ key: "acme", concurrency: 1, rate: null }],
    },
  ]);
  await server.put(address, { scope: "key", key: "acme" });
  expect((await server.get(address)).body.keys).toEqual([]);
});

it.each([
  [{ concurrency: 0 }, 400, "INVALID_REQUEST"],
  [{ concurrency: 1, surprise: true }, 400, "INVALID_REQUEST"],
  [{ rate: { count: 1, per_ms: 1 } }, 400, "INVALID_REQUEST"],
  [{ scope: "key", concurrency: 1 }, 422, "INVALID_INPUT"],
])("rejects %o", async (body, status, code) => {
  const server = await startServer();
  expect(await server.put("/api/queues/default/limits", body)).toMatchObject({ status, body: { code } });
});

it("a key with the role read cannot set a limit", async () => {
  const reader = await (await startServer()).as("read");
  expect(await reader.put("/api/queues/default/limits", { concurrency: 1 })).toMatchObject({ status: 403 });
  expect(await reader.get("/api/queues/default/limits")).toMatchObject({ status: 200 });
});

it("a worker that waits over HTTP is granted the next job once the rate allows it", async () => {
  const server = await startServer();
  await server.put("/api/queues/default/limits", { rate: { count: 1, per_ms: 2_000 } });
  for (const _ of [1, 2]) await server.post("/api/jobs", { kind: "noop", limit_key: "a" });
  const { body: worker } = await server.post("/api/workers", WORKER);
  const claim = async () =>
    (await server.post(`/api/workers/${worker.id}/claim`, { limit: 5, wait: 30 })).body.jobs;
  const [first, ...none] = await claim();
  expect(none).toEqual([]);
  const [second] = await claim();
  const gapMs = Date.parse(second.started_at) - Date.parse(first.started_at);
  expect(gapMs).toBeGreaterThanOrEqual(2_000);
});

it("lockstep queues limit sets the given limits, keeps the rest and shows all of them", async () => {
  const server = await startServer();
  const env = { LOCKSTEP_URL: server.url };
  const limit = (...args: string[]) => runCli(["queues", "limit", "mail", ...args], { env });
  expect((await limit()).stderr).toBe("Queue mail has no limits.\n");
  expect((await limit("--concurrency", "5", "--json")).stdout).toContain('"concurrency":5');
  await limit("--rate", "100/m");
  await limit("--each-key", "--rate", "5/30s");
  const shown = await limit("--key", "acme", "--concurrency", "2");
  expect(shown.stdout.split("\n").map((line) => line.trim().split(/\s{2,}/))).toEqual([
    ["LIMITS", "AT ONCE", "RATE"],
    ["the queue", "5", "100/m"],
    ["each key", "any", "5/30s"],
    ['key "acme"', "2", "any"],
    [""],
  ]);
  expect((await limit("--rate", "none", "--concurrency", "none")).stdout).not.toContain("the queue");
  expect((await limit("--rate", "5/x")).code).toBe(64);
  expect((await limit("--key", "a", "--each-key")).code).toBe(64);
});
