import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openService, type Service } from "@lockstep/server/internal/service";
import pino from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { takeAway } from "../../packages/lockstep/test/ledger/take-away.js";
import { openProxy } from "../../packages/lockstep/test/worker/proxy.js";
import { createClient, type TestClient } from "../../packages/server/test/client.js";
import { freshDatabase } from "../servers/database.js";
import { waitFor } from "../servers/wait-for.js";

/** A lease during which a worker reports three times. */
const LEASE = 6;
let dir: string;
let parts: Service;
let client: TestClient;
let url: string;
const endings: (() => Promise<unknown> | unknown)[] = [];

/** The tests share a server. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "lockstep-python-"));
  const databaseUrl = (await freshDatabase()).url;
  parts = await openService({
    databaseUrl,
    dataDir: dir,
    leaseSeconds: LEASE,
    logger: pino({ level: "silent" }),
  });
  ({ url } = await parts.startServer({ definitions: [], host: "127.0.0.1", port: 0, version: "0" }));
  client = createClient(url);
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});
afterAll(async () => {
  await parts.close();
  await rm(dir, { recursive: true, force: true });
});

/**
 * Each test has its own kind: the server may still grant a job to the worker that the previous test
 * has just killed.
 */
let kind = "";
beforeEach(() => {
  kind = `python-${Date.now()}`;
});

/** The Python worker in a separate process. */
function startPython(at: string, token?: string) {
  const child = spawn("python3", ["examples/python-worker/worker.py"], {
    env: {
      PATH: process.env.PATH ?? "",
      LOCKSTEP_URL: at,
      LOCKSTEP_KIND: kind,
      ...(token ? { LOCKSTEP_TOKEN: token } : {}),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => lines.push(chunk.toString()));
  endings.push(() => child.kill("SIGKILL"));
  return { child, said: () => lines.join("") };
}

/** Its settlement was refused, or the server no longer knew the worker and it registered again. */
const knowsThatItWasLost = (said: string) => /fenced|late/.test(said) || said.split("takes jobs").length > 2;

/** The claim is in the ledger before its answer has reached the worker. */
const untilStarted = (worker: ReturnType<typeof startPython>, id: string) =>
  waitFor(() => worker.said().includes(`job ${id} attempt 1: started`), {
    what: "the worker to start the job",
  });

const submitPython = async (input: object) =>
  (await parts.ledger.submit({ kind, input, max_attempts: 5 })).job.id;
const untilStatus = (id: string, wanted: string) =>
  waitFor(
    async () => {
      const job = await parts.ledger.get(id);
      return job?.status === wanted ? job : null;
    },
    { what: `the job to be ${wanted}` },
  );

it("the Python worker completes a job and stores its file; when it is killed, another worker does its job", async () => {
  const first = startPython(url);
  const quick = await submitPython({ steps: 3, seconds: 0.01 });
  const done = await untilStatus(quick, "completed");
  expect(done).toMatchObject({ attempt: 1, output: { steps: 3, pid: first.child.pid } });
  expect((await client.get(`/api/jobs/${quick}/artifacts/counted.txt`)).body).toBe("0\n1\n2\n");

  const slow = await submitPython({ steps: 30, seconds: 0.1 });
  await untilStatus(slow, "running");
  first.child.kill("SIGKILL");
  await takeAway(parts.database, slow);
  const second = startPython(url);
  expect(await untilStatus(slow, "completed")).toMatchObject({
    attempt: 2,
    output: { pid: second.child.pid },
  });
});

it("a Python worker that was stopped until its job was taken away does not overwrite another worker's result", async () => {
  const first = startPython(url);
  const id = await submitPython({ steps: 20, seconds: 0.1 });
  await untilStarted(first, id);
  first.child.kill("SIGSTOP");
  await takeAway(parts.database, id);
  const second = startPython(url);
  const done = await untilStatus(id, "completed");
  expect(done).toMatchObject({ attempt: 2, output: { pid: second.child.pid } });
  first.child.kill("SIGCONT");
  await waitFor(() => knowsThatItWasLost(first.said()), {
    what: "the stopped worker to learn that it lost its job",
  });
  const after = await parts.ledger.get(id);
  expect(after).toMatchObject({ version: done.version, output: done.output });
});

it("a Python worker that loses its connection keeps its job when it is back in time, and loses it when it is not", async () => {
  const proxy = await openProxy(url);
  endings.push(() => proxy.close());
  // Without a key the server refuses the proxy's port in the Host header. From here on every
  // request needs a key.
  const { token } = await parts.keys.create({ name: "python", role: "work" });
  const first = startPython(proxy.url, token);
  const short = await submitPython({ steps: 50, seconds: 0.1 });
  await untilStarted(first, short);
  proxy.cut();
  await waitFor(() => proxy.refused() > 0, { what: "the worker to fail to connect" });
  proxy.restore();
  expect(await untilStatus(short, "completed")).toMatchObject({
    attempt: 1,
    output: { pid: first.child.pid },
  });

  const long = await submitPython({ steps: 20, seconds: 0.1 });
  await untilStarted(first, long);
  proxy.cut();
  await takeAway(parts.database, long);
  const second = startPython(url, token);
  const done = await untilStatus(long, "completed");
  expect(done).toMatchObject({ attempt: 2, output: { pid: second.child.pid } });
  proxy.restore();
  await waitFor(() => knowsThatItWasLost(first.said()), {
    what: "the worker to learn that another worker has the job",
  });
  expect(await parts.ledger.get(long)).toMatchObject({ version: done.version, output: done.output });
});
