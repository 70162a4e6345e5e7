import { openDatabase } from "lockstep/internal/database";
import { migrate, openLedger } from "lockstep/internal/ledger";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../../../tests/servers/database.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { type Bench, submitNoop } from "../../lockstep/test/ledger/engines.js";
import { openEvents } from "./event-client.js";
import { startServer, type TestServer } from "./start.js";

let postgres: Postgres;
let bench: Bench;
let server: TestServer;

beforeAll(async () => {
  postgres = await startPostgres();
  const database = await openDatabase({ url: postgres.url });
  await migrate(database);
  bench = { database, ledger: openLedger(database), url: postgres.url };
});
afterAll(async () => {
  await bench.ledger.close();
  await bench.database.close();
  await postgres.remove();
});

describe("while PostgreSQL is down", () => {
  it("every read and write is 503 with Retry-After, nothing is recorded, and everything works once it is back", async () => {
    server = await startServer(bench);
    const job = await submitNoop(bench);
    const { body: up } = await server.get("/health/ready");
    expect(up).toMatchObject({
      status: "ready",
      dependencies: [{ name: "database", status: "up", latency_ms: expect.any(Number) }],
      workers_live: 0,
    });
    const stream = await openEvents(`${server.url}/api/events`);

    await postgres.stop();
    const calls: [string, string, unknown?][] = [
      ["GET", `/api/jobs/${job.id}`],
      ["GET", `/api/status/${job.id}?wait=5`],
      ["GET", "/api/jobs"],
      ["GET", `/api/jobs/${job.id}/explain`],
      ["GET", "/api/stats"],
      ["GET", `/api/events?job=${job.id}`],
      ["POST", "/api/jobs", { kind: "noop", unique_key: "lost" }],
      ["POST", "/api/jobs/batch", { jobs: [{ kind: "noop", unique_key: "lost" }] }],
      ["POST", `/api/jobs/${job.id}/cancel`],
      ["POST", `/api/workers/${job.id}/claim`, {}],
    ];
    for (const [method, path, body] of calls) {
      const answer = await server.call(method, path, { body });
      expect(answer, path).toMatchObject({ status: 503, body: { code: "DATABASE_UNAVAILABLE" } });
      expect(Number(answer.headers.get("retry-after")), path).toBeGreaterThan(0);
      expect(JSON.stringify(answer.body), path).not.toMatch(/ECONN|postgres:|127\.0\.0\.1|at .*\.ts/);
    }
    expect((await server.get("/health/live")).status).toBe(200);
    // Of the kinds it knows those that it defines, and can refuse an input of theirs.
    const { kinds } = (await server.get("/api/kinds")).body;
    expect(kinds.map(({ kind }: { kind: string }) => kind)).toEqual(["anything", "echo", "noop"]);
    expect(kinds[0]).toMatchObject({ recorded_at: null, workers_live: null });
    expect((await server.post("/api/jobs", { kind: "echo", input: {} })).status).toBe(422);
    // A state from half a second ago is still good enough for a probe.
    const down = await waitFor(
      async () => {
        const answer = await server.get("/health/ready");
        return answer.status === 503 ? answer : null;
      },
      { what: "the probe to see it" },
    );
    expect(down).toMatchObject({ status: 503, body: { code: "DATABASE_UNAVAILABLE", workers_live: null } });
    expect(down.body.dependencies).toMatchObject([{ name: "database", status: "down", latency_ms: null }]);
    expect((await server.get("/health/ready")).body.dependencies[0].since).toBe(
      down.body.dependencies[0].since,
    );
    expect(Date.parse(down.body.dependencies[0].since)).toBeGreaterThanOrEqual(
      Date.parse(up.dependencies[0].since),
    );

    await postgres.start();
    await waitFor(async () => (await server.get("/health/ready")).status === 200, {
      what: "the server to be ready",
    });
    expect((await server.get("/api/jobs")).body.jobs).toMatchObject([
      { id: job.id, status: "pending", version: 1 },
    ]);
    await server.post(`/api/jobs/${job.id}/cancel`);
    await stream.next(({ data }) => data.job_id === job.id && data.version === 2, "the stream to go on");
    stream.close();
  });
});
