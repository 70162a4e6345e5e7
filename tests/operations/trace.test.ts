import { expect, it } from "vitest";
import { ENGINES, openBench } from "../../packages/lockstep/test/ledger/engines.js";
import { kind, startWorker, terminal } from "../../packages/lockstep/test/worker/setup.js";
import { startServer } from "../../packages/server/test/start.js";

const PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

it.each(ENGINES)(
  "a traceparent travels from the submit to the handler, in every attempt (%s)",
  async (engine) => {
    const bench = await openBench(engine);
    const server = await startServer(bench);
    const seen: (string | null)[] = [];
    const noop = kind("noop", (_, { job }) => {
      seen.push(job.traceparent);
      if (job.attempt === 1) throw new Error("once more");
      return { ok: true };
    });
    await startWorker(bench, { definitions: [noop] });
    const { body } = await server.post(
      "/api/jobs",
      { kind: "noop", max_attempts: 2 },
      { traceparent: PARENT },
    );
    await terminal(bench, body.id);
    expect(seen).toEqual([PARENT, PARENT]);
  },
);

it("a job without one, or with an invalid one, runs with null", async () => {
  const bench = await openBench("postgres");
  const server = await startServer(bench);
  const seen: (string | null)[] = [];
  await startWorker(bench, { definitions: [kind("noop", (_, { job }) => void seen.push(job.traceparent))] });
  for (const headers of [{}, { traceparent: "not a trace" }]) {
    const { status, body } = await server.post("/api/jobs", { kind: "noop" }, headers);
    expect(status).toBe(202);
    await terminal(bench, body.id);
  }
  expect(seen).toEqual([null, null]);
});

it("a worker in any language gets it with its claim", async () => {
  const server = await startServer();
  await server.post("/api/jobs", { kind: "noop" }, { traceparent: PARENT });
  const { body: worker } = await server.post("/api/workers", { name: "w", kinds: ["noop"], concurrency: 1 });
  const claim = await server.post(`/api/workers/${worker.id}/claim`, { limit: 1 });
  expect(claim.body.jobs).toMatchObject([{ kind: "noop", traceparent: PARENT }]);
});
