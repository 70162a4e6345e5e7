import { expect, it } from "vitest";
import { startServer } from "./start.js";

async function submitMany(server: Awaited<ReturnType<typeof startServer>>, count: number): Promise<string[]> {
  const jobs = Array.from({ length: count }, () => ({ kind: "noop", input: {} }));
  const { body } = await server.post("/api/jobs/batch", { jobs });
  return body.jobs.map(({ id }: { id: string }) => id);
}

it("many jobs are cancelled at once, and the answer gives the reason for each that cannot be cancelled", async () => {
  const server = await startServer();
  const ids = await submitMany(server, 40);
  const { body } = await server.post("/api/jobs/bulk", { action: "cancel", ids: [...ids.slice(1), ids[1]] });
  expect(body.changed.sort()).toEqual(ids.slice(1).sort());
  const unknown = "01990000-0000-7000-8000-000000000000";
  const again = await server.post("/api/jobs/bulk", { action: "retry", ids: [...ids, unknown] });
  expect(again.body.changed.sort()).toEqual(ids.slice(1).sort());
  expect(again.body.refused).toEqual(
    expect.arrayContaining([
      { id: ids[0], code: "NOT_FINISHED" },
      { id: unknown, code: "JOB_NOT_FOUND" },
    ]),
  );
  expect((await server.get("/api/jobs?status=pending&count=true&limit=1")).body.total).toBe(40);
});

it("a bulk change needs the role operate, and takes 500 jobs at most", async () => {
  const server = await startServer();
  const ids = await submitMany(server, 1);
  const tooMany = { action: "cancel", ids: Array.from({ length: 501 }, () => ids[0]) };
  expect((await server.post("/api/jobs/bulk", tooMany)).body).toMatchObject({ code: "INVALID_REQUEST" });
  const submitter = await server.as("submit");
  expect((await submitter.post("/api/jobs/bulk", { action: "cancel", ids })).status).toBe(403);
});

it("a list counts its matches on all pages, in the same read", async () => {
  const server = await startServer();
  await submitMany(server, 7);
  const first = await server.get("/api/jobs?kind=noop&limit=3&count=true");
  expect(first.body).toMatchObject({ total: 7 });
  const second = await server.get(`/api/jobs?kind=noop&limit=3&count=true&cursor=${first.body.next}`);
  expect(second.body).toMatchObject({ total: 7 });
  expect((await server.get("/api/jobs?kind=nothing&count=true")).body).toMatchObject({ total: 0, jobs: [] });
  expect((await server.get("/api/jobs?kind=noop")).body.total).toBeNull();
});

it("the views of a job are shown side by side, and whether they agree", async () => {
  const copies = new Map<string, { status: string; version: number }>();
  const cache = {
    get: async (id: string) => {
      const copy = copies.get(id);
      const as_of = new Date().toISOString();
      return copy
        ? { state: "hit" as const, job: { ...copy, as_of } as never }
        : { state: "unknown" as const };
    },
  };
  const server = await startServer("postgres", { cache });
  const [id = ""] = await submitMany(server, 1);
  const views = async () => (await server.get(`/api/jobs/${id}/views`)).body;
  expect(await views()).toMatchObject({ agree: null, views: [{ name: "ledger" }, { state: "unknown" }] });
  copies.set(id, { status: "pending", version: 1 });
  expect(await views()).toMatchObject({ agree: true });
  copies.set(id, { status: "completed", version: 3 });
  expect(await views()).toMatchObject({
    agree: false,
    views: [{ status: "pending" }, { status: "completed" }],
  });
  expect((await server.get("/api/jobs/01990000-0000-7000-8000-000000000000/views")).status).toBe(404);
});
