import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DoctorService } from "@lockstep/doctor";
import { Redis } from "ioredis";
import type { AttemptOutcome } from "lockstep/internal/job";
import {
  connectRedis,
  createCopies,
  createProjector,
  type Projector,
  type RedisConnection,
} from "lockstep/internal/redis";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  claimOne,
  completed,
  failed,
  openBench,
  registerWorker,
  settle,
  submitNoop,
} from "../../packages/lockstep/test/ledger/engines.js";
import { startServer } from "../../packages/server/test/start.js";
import { type Redis as RedisServer, startRedis } from "../servers/redis.js";
import { waitFor } from "../servers/wait-for.js";

let bench: Awaited<ReturnType<typeof openBench>>;
let server: RedisServer;
let redis: Redis;
let connection: RedisConnection;
let projector: Projector;
let stateDir: string;
let ids: string[];
beforeEach(async () => {
  bench = await openBench("postgres");
  server = await startRedis();
  redis = new Redis(server.url);
  redis.on("error", () => undefined);
  connection = connectRedis({ url: server.url });
  projector = createProjector({ ledger: bench.ledger, redis: connection });
  await projector.start();
  stateDir = mkdtempSync(join(tmpdir(), "lockstep-own-"));
  const requests = Array.from({ length: 11 }, () => ({ kind: "echo", input: {} }));
  // From here on the projector writes what changes, and nothing a second time.
  await waitFor(() => projector.status().state === "current", { what: "the first copy of all" });
  ids = (await bench.ledger.submitMany(requests)).map(({ job }) => job.id);
  await waitFor(async () => (await redis.exists(...ids.map((id) => `result:${id}`))) === ids.length, {
    what: "the copies",
  });
});
afterEach(async () => {
  await projector.stop();
  await connection.close();
  redis.disconnect();
  await server.remove();
  rmSync(stateDir, { recursive: true, force: true });
});

const openCopies = () =>
  createCopies({ redis: connection, prefix: "result:", projection: bench.ledger.projection });

function openService(everySeconds?: number): DoctorService {
  return new DoctorService({
    ledger: bench.ledger,
    writes: bench.ledger.doctorWrites,
    stateDir,
    onError: (error) => {
      throw error;
    },
    copies: openCopies(),
    ...(everySeconds === undefined ? {} : { everySeconds }),
  });
}

/** Writes a wrong status into a copy. @returns the wrong copy */
async function lieAbout(id: string): Promise<string> {
  const text = (await redis.get(`result:${id}`)) ?? "";
  const lie = text.replace('"status":"pending"', '"status":"completed"');
  expect(lie).not.toBe(text);
  await redis.set(`result:${id}`, lie);
  return lie;
}

const statusOf = async (id: string) => JSON.parse((await redis.get(`result:${id}`)) ?? "{}").status;

it("a copy with a wrong status is found, rewritten by a plan over the API, and put back by an undo", async () => {
  const doctor = openService();
  const api = await startServer(bench, { doctor });
  const [id = ""] = ids;
  const lie = await lieAbout(id);

  const begun = await api.post("/api/doctor/checks");
  expect(begun.status).toBe(202);
  const done = await waitFor(
    async () => {
      const { body } = await api.get(`/api/doctor/checks/${begun.body.id}`);
      return body.status === "done" ? body : null;
    },
    { what: "the check to end" },
  );
  expect(done.summary).toMatchObject({
    verdict: "drift",
    compared: 11,
    patterns: [{ pattern: "stale-surface", jobs: 1 }],
  });
  expect(done.cells).toEqual([{ pattern: "stale-surface", action: "refresh", jobs: 1 }]);
  const found = await api.get(`/api/doctor/checks/${done.id}/findings?action=refresh`);
  expect(found.body.findings).toMatchObject([{ id, pattern: "stale-surface", why: null }]);
  expect((await api.get(`/api/doctor/checks/${done.id}/findings?action=settle`)).body.findings).toEqual([]);

  const plan = await api.post("/api/doctor/plans");
  expect(plan.body).toMatchObject({
    repairs: 1,
    examples: [{ id, view: "redis", action: "refresh" }],
  });
  const shown = await api.get(`/api/doctor/plans/${plan.body.id}`);
  expect(shown.body).toMatchObject({ repairs: 1, items: [{ id }], next: null, applying: null });
  expect(shown.body.items[0]).not.toHaveProperty("marks");
  expect((await api.get(`/api/doctor/plans/${plan.body.id}?after=1`)).body.items).toEqual([]);
  expect((await api.get("/api/doctor/plans/..%2F..%2Fetc")).body.code).toBe("PLAN_NOT_FOUND");
  const run = await api.post(`/api/doctor/plans/${plan.body.id}/apply`);
  expect(run.body).toMatchObject({ written: 1, changed: 0, refused: 0 });
  expect(await statusOf(id)).toBe("pending");
  expect((await api.post(`/api/doctor/plans/${plan.body.id}/apply`, {})).body.code).toBe("PLAN_STALE");
  const look = await api.post(`/api/doctor/runs/${run.body.id}/undo`, { dry_run: true });
  expect(look.body).toMatchObject({ undone: 1, left: [] });
  expect(await redis.get(`result:${id}`)).not.toBe(lie);
  const undo = await api.post(`/api/doctor/runs/${run.body.id}/undo`);
  expect(undo.body).toMatchObject({ undone: 1, left: [] });
  expect(await redis.get(`result:${id}`)).toBe(lie);
  const { runs } = (await api.get("/api/doctor/runs")).body;
  expect(runs).toMatchObject([{ kind: "undo" }, { kind: "apply", actor: expect.stringContaining("api") }]);
  const { writes } = (await api.get(`/api/doctor/writes?job=${id}`)).body;
  expect(writes).toMatchObject([
    { action: "restore", outcome: "written", view: "redis", run: runs[0].id, actor: runs[0].actor },
    { action: "refresh", outcome: "written", view: "redis", run: run.body.id, actor: runs[1].actor },
  ]);
  await doctor.stop();
});

it("a server repairs wrong and missing copies automatically", async () => {
  const doctor = openService(0.2);
  const [, changed = "", deleted = ""] = ids;
  await lieAbout(changed);
  await redis.del(`result:${deleted}`);
  doctor.start();
  await waitFor(
    async () => (await statusOf(changed)) === "pending" && (await statusOf(deleted)) === "pending",
    { what: "the copies to be repaired" },
  );
  const writes = async (jobId: string) => await bench.ledger.doctorWrites.list({ jobId, limit: 9 });
  await waitFor(async () => (await writes(changed)).length > 0 && (await writes(deleted)).length > 0, {
    what: "the writes to be noted",
  });
  await doctor.stop();
  for (const id of [changed, deleted])
    expect(await writes(id)).toMatchObject([{ actor: "doctor", action: "refresh", outcome: "written" }]);
});

it("a copy with the right status and a wrong result or error is found as result-mismatch, repaired by a server, and put back by an undo", async () => {
  const worker = await registerWorker(bench);
  const outcomes: AttemptOutcome[] = [
    completed({ score: 1.5, text: ',"results":{}' }),
    failed(null, "exit 137"),
    completed(null),
    completed({ big: "x".repeat(2_000_000) }),
  ];
  const [scored = "", broken = "", without = "", large = ""] = await finish(worker, outcomes);
  const doctor = openService(0.5);
  expect(await checked(doctor)).toMatchObject({ verdict: "clean", compared: 15 });
  await alter(scored, '"score": 1.5', '"score": 9');
  await alter(broken, "exit 137", "exit 0");
  await alter(without, '"results":null', '"results":{"score":3}');
  const wrong = await valuesOf([scored, broken, without]);
  const summary = await checked(doctor);
  expect(summary).toMatchObject({ drifting: 3, patterns: [{ pattern: "result-mismatch", jobs: 3 }] });
  expect(summary.patterns[0]?.causes).toMatchObject([{ code: "copy-changed", jobs: 3 }]);
  expect(await redis.get(`result:${large}`)).toContain('"results_omitted":true');

  doctor.start();
  await waitFor(async () => (await redis.get(`result:${broken}`))?.includes("exit 137"), {
    what: "the copies to be repaired",
  });
  await doctor.stop();
  const second = openService();
  const [run] = await second.history();
  expect(run).toMatchObject({ written: 3, changed: 0, refused: 0 });
  const undone = await second.undo(run?.begin.run ?? "", { dryRun: false, actor: "test" });
  expect(undone).toMatchObject({ undone: 3, left: [] });
  await second.stop();
  expect(await valuesOf([scored, broken, without])).toEqual(wrong);
});

/** Runs a job for each of these outcomes, and waits for their copies. @returns their ids */
async function finish(worker: string, outcomes: readonly AttemptOutcome[]): Promise<readonly string[]> {
  const claimed: string[] = [];
  for (const outcome of outcomes) {
    await submitNoop(bench);
    const job = await claimOne(bench, worker);
    await settle(bench, job, outcome);
    claimed.push(job.id);
  }
  await waitFor(
    async () => (await Promise.all(claimed.map(statusOf))).every((status) => /completed|failed/.test(status)),
    { what: "the copies of finished jobs" },
  );
  return claimed;
}

async function checked(doctor: DoctorService) {
  const { id } = doctor.check();
  return await waitFor(() => doctor.get(id)?.summary ?? null, { what: "the check" });
}

/** Replaces a part of a copy; does nothing when the copy does not contain it. */
async function alter(id: string, from: string, to: string): Promise<void> {
  const text = (await redis.get(`result:${id}`)) ?? "";
  await redis.set(`result:${id}`, text.replace(from, to), "KEEPTTL");
}

const valuesOf = (these: readonly string[]) => Promise.all(these.map((id) => redis.get(`result:${id}`)));

it("a check is unknown, never clean, while Redis does not answer", async () => {
  const doctor = openService();
  await server.stop();
  const { id } = doctor.check();
  const summary = await waitFor(() => doctor.get(id)?.summary ?? null, { what: "the check to end" });
  expect(summary).toMatchObject({ verdict: "unknown", interrupted: expect.stringContaining("redis") });
  await server.start();
  await doctor.stop();
});

it("a copy is replaced only if it has not changed since it was read", async () => {
  const copies = openCopies();
  const [id = ""] = ids;
  const key = `result:${id}`;
  const seen = await redis.getBuffer(key);
  const next = { bytes: Buffer.from("repaired"), ttlMs: null };
  await redis.set(key, "somebody else's");
  expect(await copies.swap(id, seen, next)).toBe(false);
  expect(await copies.swap(id, null, next)).toBe(false);
  expect(await copies.swap(id, seen, null)).toBe(false);
  expect(await redis.get(key)).toBe("somebody else's");
  await redis.del(key);
  expect(await copies.swap(id, seen, next)).toBe(false);
  expect(await redis.exists(key)).toBe(0);
  await redis.lpush(key, "a list");
  expect(await copies.swap(id, null, next)).toBe(false);
  await redis.del(key);
  expect(await copies.swap(id, null, next)).toBe(true);
  expect(await redis.get(key)).toBe("repaired");
});

it("an apply reports its progress, stops on request, and resumes when applied again", async () => {
  const requests = Array.from({ length: 220 }, () => ({ kind: "echo", input: {} }));
  const more = (await bench.ledger.submitMany(requests)).map(({ job }) => job.id);
  const wrong = more.slice(0, 60);
  await waitFor(async () => (await redis.exists(...wrong.map((id) => `result:${id}`))) === 60, {
    what: "the copies",
  });
  for (const id of wrong) await lieAbout(id);
  const doctor = openService();
  const api = await startServer(bench, { doctor });
  const { body: plan } = await api.post("/api/doctor/plans");
  expect(plan.repairs).toBe(60);
  const path = `/api/doctor/plans/${plan.id}`;
  const applied = api.post(`${path}/apply`, { per_second: 2 });
  await waitFor(async () => (await api.get(path)).body.applying?.written >= 4, { what: "the first writes" });
  expect((await api.post(`${path}/apply`, {})).body.code).toBe("DOCTOR_BUSY");
  expect((await api.post(`${path}/stop`)).body).toEqual({ was_applying: true });
  const { body: stopped } = await applied;
  expect(stopped.reason).toBe("stopped");
  expect(stopped.written).toBeLessThan(60);
  expect((await api.get(path)).body.applying).toBeNull();
  expect((await api.post(`${path}/stop`)).body).toEqual({ was_applying: false });
  expect((await api.post(`${path}/apply`, {})).body).toMatchObject({ written: 60, resumed: true });
  const { runs } = (await api.get("/api/doctor/runs")).body;
  expect(runs).toMatchObject([{ of: plan.id, written: 60, reason: "done" }]);
  await doctor.stop();
});
