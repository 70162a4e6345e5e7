import { newId } from "lockstep/internal/job";
import { beforeEach, describe, expect, it } from "vitest";
import { claimOne, registerWorker } from "../../lockstep/test/ledger/engines.js";
import { documentOf } from "./api-document.js";
import type { Answer, TestClient } from "./client.js";
import { startServer, type TestServer } from "./start.js";

const register = async (client: TestClient): Promise<string> =>
  (await client.post("/api/workers", { name: "py", kinds: ["noop"] })).body.id;
const claim = async (client: TestClient, worker: string) =>
  (await client.post(`/api/workers/${worker}/claim`, { kinds: ["noop"] })).body.jobs[0];
const completed = (job: { id: string; attempt: number }) => ({
  settlements: [{ job_id: job.id, attempt: job.attempt, outcome: { type: "completed", output: null } }],
});
const upload = (client: TestClient, worker: string, job: { id: string; attempt: number }) =>
  client.call("PUT", `/api/workers/${worker}/jobs/${job.id}/artifacts/a.txt?attempt=${job.attempt}`, {
    raw: "bytes",
    headers: { "content-type": "application/octet-stream" },
  });

let server: TestServer;
let owner: TestClient;
let stranger: TestClient;
let admin: TestClient;

beforeEach(async () => {
  server = await startServer();
  owner = await server.as("work");
  stranger = await server.as("work");
  admin = await server.as("admin");
});

/** Everything that a key may do in the name of a worker, the last one being to sign it off. */
async function actFor(
  client: TestClient,
  worker: string,
  job: { id: string; attempt: number },
): Promise<Answer[]> {
  const held = { held: [{ job_id: job.id, attempt: job.attempt, logs: [] }] };
  return [
    await client.post(`/api/workers/${worker}/heartbeat`, held),
    await client.post(`/api/workers/${worker}/claim`, { kinds: ["noop"] }),
    await upload(client, worker, job),
    await client.post(`/api/workers/${worker}/settle`, completed(job)),
    await client.call("DELETE", `/api/workers/${worker}`),
  ];
}

async function claimed(client: TestClient, worker: string) {
  await admin.post("/api/jobs", { kind: "noop" });
  return await claim(client, worker);
}

describe("a key with the role work", () => {
  it("acts only for workers that it registered", async () => {
    const worker = await register(owner);
    const job = await claimed(owner, worker);
    for (const answer of await actFor(stranger, worker, job))
      expect(answer).toMatchObject({ status: 403, body: { code: "WORKER_OF_ANOTHER_KEY" } });
    expect((await admin.get(`/api/jobs/${job.id}`)).body).toMatchObject({ status: "running", version: 2 });
    expect((await admin.get(`/api/jobs/${job.id}/artifacts`)).body.artifacts).toEqual([]);
    expect((await admin.get("/api/workers")).body.workers).toMatchObject([{ id: worker, running: 1 }]);
    const statuses = (await actFor(owner, worker, job)).map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 201, 200, 204]);
    expect((await admin.get(`/api/jobs/${job.id}`)).body).toMatchObject({ status: "completed" });
  });

  it("cannot act for a worker that no key registered, or that does not exist", async () => {
    const inProcess = await registerWorker(server.bench);
    const { body } = await admin.post("/api/jobs", { kind: "noop" });
    const job = await claimOne(server.bench, inProcess);
    expect(job.id).toBe(body.id);
    for (const answer of await actFor(stranger, inProcess, job))
      expect(answer).toMatchObject({ status: 403, body: { code: "WORKER_OF_ANOTHER_KEY" } });
    const answers = await actFor(stranger, newId(), job);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 204]);
    expect((await admin.get(`/api/jobs/${job.id}`)).body.status).toBe("running");
  });

  it("loses its workers when it is revoked: another key does not get them", async () => {
    const { id, token } = await server.keys.create({ name: "old", role: "work" });
    const headers = { authorization: `Bearer ${token}` };
    const { body } = await server.post("/api/workers", { name: "py", kinds: ["noop"] }, headers);
    await server.keys.revoke(id);
    const late = await stranger.post(`/api/workers/${body.id}/heartbeat`, { held: [] });
    expect(late.body.code).toBe("WORKER_OF_ANOTHER_KEY");
  });

  it("is checked on every route in the name of a worker", async () => {
    const worker = await register(owner);
    const { openapi } = await documentOf(server.url);
    const inTheNameOf = Object.entries(openapi.paths).filter(([path]) =>
      path.startsWith("/api/workers/{id}"),
    );
    const called: string[] = [];
    for (const [template, operations] of inTheNameOf)
      for (const method of Object.keys(operations)) {
        const path = template.replace("{id}", worker).replace("{name}", "x").replace("{job_id}", newId());
        const isUpload = template.includes("artifacts");
        const body = template.endsWith("/settle") ? completed({ id: newId(), attempt: 1 }) : { held: [] };
        const { status } = await stranger.call(method.toUpperCase(), isUpload ? `${path}?attempt=1` : path, {
          ...(isUpload ? { raw: "x", headers: { "content-type": "text/plain" } } : {}),
          ...(method === "post" ? { body: template.endsWith("/claim") ? {} : body } : {}),
        });
        expect(status, `${method} ${template}`).toBe(403);
        called.push(`${method} ${template}`);
      }
    expect(called.length).toBeGreaterThanOrEqual(5);
  });
});

it("a key with the role admin acts for every worker", async () => {
  const worker = await register(owner);
  const job = await claimed(owner, worker);
  const statuses = (await actFor(admin, worker, job)).map(({ status }) => status);
  expect(statuses).toEqual([200, 200, 201, 200, 204]);
});

it("without keys everyone on this machine acts for every worker", async () => {
  const open = await startServer();
  const worker = await register(open);
  await open.post("/api/jobs", { kind: "noop" });
  const job = await claim(open, worker);
  const statuses = (await actFor(open, worker, job)).map(({ status }) => status);
  expect(statuses).toEqual([200, 200, 201, 200, 204]);
});
