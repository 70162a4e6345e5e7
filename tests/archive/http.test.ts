import { rm } from "node:fs/promises";
import { expect, it } from "vitest";
import { openArchive } from "../../packages/lockstep/test/archive/archived.js";
import { openEvents } from "../../packages/server/test/event-client.js";
import { startServer } from "../../packages/server/test/start.js";

it("the API returns an archived job as before, and says that it was archived", async () => {
  const bench = await openArchive("postgres");
  const server = await startServer(bench);
  const { id } = await bench.finished({ input: { n: 1 } }, { sum: 42 });
  const before = await server.get(`/api/jobs/${id}`);
  await bench.run();
  const job = await server.get(`/api/jobs/${id}`);
  expect(job.body).toEqual({
    ...before.body,
    as_of: expect.any(String),
    archived: true,
    archive: { at: expect.any(String), file: expect.stringContaining(".ndjson.gz"), readable: true },
  });
  expect(job.headers.get("etag")).toBe('"3"');
  expect((await server.get(`/api/status/${id}?wait=5`)).body).toMatchObject({
    job_id: id,
    status: "completed",
    results: { sum: 42 },
    version: 3,
    source: "ledger",
    archived: true,
  });
  expect((await server.get(`/api/jobs/${id}/transitions`)).body.transitions).toHaveLength(3);
  expect((await server.get(`/api/jobs/${id}/attempts`)).body.attempts).toHaveLength(1);
  expect((await server.get(`/api/jobs/${id}/logs`)).body.lines).toEqual([]);
  expect((await server.get(`/api/jobs/${id}/explain`)).body.summary).toContain("archive");
  expect((await server.get("/api/jobs")).body.jobs).toEqual([]);
  expect(await server.post(`/api/jobs/${id}/retry`)).toMatchObject({
    status: 409,
    body: { code: "ARCHIVED" },
  });
  expect(await server.post(`/api/jobs/${id}/cancel`)).toMatchObject({
    status: 409,
    body: { code: "ALREADY_FINISHED" },
  });
});

it("without the file the status stays, and the answer says what is missing", async () => {
  const bench = await openArchive("postgres");
  const server = await startServer(bench);
  const { id } = await bench.finished();
  await bench.run();
  await rm(bench.dir, { recursive: true });
  const { body } = await server.get(`/api/jobs/${id}`);
  expect(body).toMatchObject({
    status: "completed",
    version: 3,
    archived: true,
    archive: { readable: false },
  });
  for (const member of ["input", "output", "error", "progress"]) expect(body).not.toHaveProperty(member);
  const status = (await server.get(`/api/status/${id}`)).body;
  expect(status).toMatchObject({ status: "completed", archived: true });
  expect(status).not.toHaveProperty("results");
  for (const part of ["transitions", "attempts", "logs"])
    expect(await server.get(`/api/jobs/${id}/${part}`)).toMatchObject({
      status: 409,
      body: { code: "ARCHIVED" },
    });
  expect((await server.get(`/api/jobs/${id}/explain`)).status).toBe(200);
});

it("a repeated submit is answered with the archived job", async () => {
  const bench = await openArchive("postgres");
  const server = await startServer(bench);
  const body = { kind: "noop", input: {} };
  const first = await server.post("/api/jobs", body, { "idempotency-key": "k" });
  await bench.ledger.cancel(first.body.id, { actor: "me" });
  await bench.run();
  const again = await server.post("/api/jobs", body, { "idempotency-key": "k" });
  expect(again).toMatchObject({
    status: 202,
    body: { id: first.body.id, status: "cancelled", archived: true },
  });
  expect(again.headers.get("idempotent-replayed")).toBe("true");
});

it("a stream that resumes from before the archived transitions receives reset", async () => {
  const bench = await openArchive("postgres");
  const server = await startServer(bench);
  const stream = await openEvents(`${server.url}/api/events`);
  await bench.finished();
  await stream.next(({ data }) => data?.version === 1, "the first event");
  const seen = stream.lastEventId() ?? "";
  stream.close();
  await bench.finished();
  await bench.run();
  const resumed = await openEvents(`${server.url}/api/events`, { "last-event-id": seen });
  await resumed.next(({ event }) => event === "reset", "a reset");
  resumed.close();
});
