import { newId } from "lockstep/internal/job";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import {
  claimOne,
  completed,
  ENGINES,
  failed,
  registerWorker,
  settle,
} from "../../lockstep/test/ledger/engines.js";
import { startServer, type TestServer } from "./start.js";

async function submitNoop(server: TestServer, body: object = {}): Promise<string> {
  return (await server.post("/api/jobs", { kind: "noop", ...body })).body.id;
}

describe("a job over HTTP", () => {
  it("says where and when it was read, and has its version as ETag", async () => {
    const server = await startServer();
    const id = await submitNoop(server, { input: { a: 1 } });
    const answer = await server.get(`/api/jobs/${id.toUpperCase()}`);
    expect(answer).toMatchObject({
      status: 200,
      body: { id, input: { a: 1 }, version: 1, source: "ledger" },
    });
    expect(answer.body.as_of >= answer.body.created_at).toBe(true);
    expect(answer.headers.get("etag")).toBe('"1"');
  });

  it("is 304 only while the version is the one the client knows", async () => {
    const server = await startServer();
    const id = await submitNoop(server);
    for (const tag of ['"1"', 'W/"1"', '"7", "1"', "*"])
      expect(await server.get(`/api/jobs/${id}`, { "if-none-match": tag })).toMatchObject({
        status: 304,
        body: "",
      });
    await server.post(`/api/jobs/${id}/cancel`);
    expect((await server.get(`/api/jobs/${id}`, { "if-none-match": '"1"' })).status).toBe(200);
  });

  it("is 404 when the ledger does not have it, also with wait and min_version", async () => {
    const server = await startServer();
    for (const query of ["", "?wait=1", "?min_version=2"])
      for (const path of ["jobs", "status"])
        expect(await server.get(`/api/${path}/${newId()}${query}`)).toMatchObject({
          status: 404,
          body: { code: "JOB_NOT_FOUND" },
        });
  });

  it("is held by wait until it is terminal, and never longer than requested", async () => {
    const server = await startServer();
    const { bench } = server;
    const id = await submitNoop(server);
    const began = performance.now();
    expect((await server.get(`/api/jobs/${id}?wait=1`)).body.status).toBe("pending");
    expect(performance.now() - began).toBeGreaterThan(900);
    const held = server.get(`/api/status/${id}?wait=60`);
    await settle(bench, await claimOne(bench, await registerWorker(bench)), completed({ sum: 3 }));
    expect((await held).body).toMatchObject({
      status: "completed",
      results: { sum: 3 },
      progress: 1,
      version: 3,
    });
    expect((await server.get(`/api/jobs/${id}?wait=60`)).body.status).toBe("completed");
    expect((await server.get(`/api/jobs/${id}?wait=61`)).status).toBe(400);
  });

  it("is never older than min_version: it waits a little, then the status is unknown", async () => {
    const server = await startServer();
    const id = await submitNoop(server);
    const held = server.get(`/api/jobs/${id}?min_version=2`);
    await server.post(`/api/jobs/${id}/cancel`);
    expect((await held).body).toMatchObject({ status: "cancelled", version: 2 });
    for (const seen of [0, 1, 2])
      expect((await server.get(`/api/status/${id}?min_version=${seen}`)).body).toMatchObject({ version: 2 });
    const unknown = await server.get(`/api/status/${id}?min_version=3`);
    expect(unknown).toMatchObject({ status: 503, body: { code: "STATUS_UNKNOWN" } });
    expect(Number(unknown.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("stops waiting when its client is gone", async () => {
    const server = await startServer();
    const id = await submitNoop(server);
    const { ledger } = server.bench;
    const waits: Promise<unknown>[] = [];
    const wait = ledger.wait;
    Object.assign(ledger, {
      wait: (...given: Parameters<typeof wait>) => {
        const waiting = wait(...given);
        waits.push(waiting);
        return waiting;
      },
    });
    const gone = new AbortController();
    const held = server.call("GET", `/api/jobs/${id}?wait=60`, { signal: gone.signal });
    await waitFor(() => waits.length === 1, { what: "the request to be held" });
    gone.abort();
    await expect(held).rejects.toThrow();
    await expect(waits[0]).resolves.toMatchObject({ status: "pending" });
  });
});

describe("a job's status over HTTP", () => {
  it("has one sentence for each situation a job can be in", async () => {
    const server = await startServer();
    const { bench } = server;
    const worker = await registerWorker(bench);
    const status = async (id: string) => (await server.get(`/api/status/${id}`)).body;
    const later = await submitNoop(server, { run_at: "2099-01-01T00:00:00Z" });
    expect(await status(later)).toMatchObject({
      status: "pending",
      message: "The job is due at 2099-01-01T00:00:00.000000Z.",
      progress: null,
    });
    const id = await submitNoop(server);
    expect((await status(id)).message).toBe("The job waits for a worker in the queue default.");
    const job = await claimOne(bench, worker);
    await bench.ledger.report(worker, [
      { job_id: id, attempt: 1, progress: { fraction: 0.429, message: "reading a.ts" }, logs: [] },
    ]);
    expect(await status(id)).toMatchObject({
      message: "The job is running and 42 % done: reading a.ts",
      progress: 0.429,
    });
    await settle(bench, job, failed(3_600_000));
    expect((await status(id)).message).toMatch(
      /^Attempt 1 failed; the job is tried again at .*Z \(1 of 3 attempts used up\)\.$/,
    );
    const other = await submitNoop(server);
    await settle(bench, await claimOne(bench, worker), failed(null, "no\nsuch file"));
    const view = await status(other);
    expect(view).toMatchObject({
      status: "failed",
      message: "The job failed after 1 attempt: no",
      error: { message: "no\nsuch file" },
    });
    expect(view).not.toHaveProperty("results");
  });
});

describe("lists over HTTP", () => {
  it("filter by every field, and page from newest to oldest without gap or repeat", async () => {
    const server = await startServer();
    const jobs = Array.from({ length: 25 }, (_, n) => ({
      kind: n % 2 ? "noop" : "anything",
      queue: n < 5 ? "early" : "late",
      tags: [`t${n % 3}`],
      unique_key: `key-${n}`,
    }));
    const ids: string[] = (await server.post("/api/jobs/batch", { jobs })).body.jobs.map(
      (job: { id: string }) => job.id,
    );
    await server.post(`/api/jobs/${ids[0]}/cancel`);
    const list = async (query: string) => (await server.get(`/api/jobs?${query}`)).body;
    const count = async (query: string) => (await list(query)).jobs.length;
    expect(await count("status=cancelled")).toBe(1);
    expect(await count("status=cancelled&status=pending")).toBe(25);
    expect(await count("status=cancelled,pending")).toBe(25);
    expect(await count("kind=noop")).toBe(12);
    expect(await count("queue=early&tag=t0")).toBe(2);
    expect(await count("q=KEY-24")).toBe(1);
    expect(await count(`q=${ids[3]}`)).toBe(1);
    expect(await count("q=%25_%27")).toBe(0);
    expect(await count("created_after=2001-01-01T00:00:00Z&created_before=2002-01-01T00:00:00Z")).toBe(0);
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = await list(`limit=10${cursor && `&cursor=${cursor}`}`);
      expect(page).toMatchObject({ source: "ledger", as_of: expect.any(String) });
      seen.push(...page.jobs.map((job: { id: string }) => job.id));
      cursor = page.next;
    } while (cursor);
    expect(seen).toEqual([...ids].sort().reverse());
    expect((await list("limit=1")).jobs[0]).not.toHaveProperty("input");
  });
});

describe.each(ENGINES)("two thousand concurrent reads on %s", (engine) => {
  it("are answered, each with its own job", async () => {
    const server = await startServer(engine);
    const jobs = Array.from({ length: 200 }, (_, n) => ({ kind: "echo", input: { text: `job ${n}` } }));
    const ids: string[] = (await server.post("/api/jobs/batch", { jobs })).body.jobs.map(
      (job: { id: string }) => job.id,
    );
    const answers = await Promise.all(
      Array.from({ length: 2_000 }, (_, n) =>
        fetch(`${server.url}/api/jobs/${ids[n % 200]}`).then(
          (answer) => answer.json() as Promise<{ input: { text: string } }>,
        ),
      ),
    );
    expect(answers.map((job) => job.input.text)).toEqual(
      Array.from({ length: 2_000 }, (_, n) => `job ${n % 200}`),
    );
  });
});
