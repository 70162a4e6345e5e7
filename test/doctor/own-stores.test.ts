import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { DoctorService } from "../../src/doctor/index.js";
import { openBench } from "../ledger/engines.js";
import { startServer } from "../server/start.js";
import { waitFor } from "../servers/wait-for.js";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

it("a copy that lies about a job is found, named, and removed by a plan over the API", async () => {
  const bench = await openBench("postgres");
  const { job } = await bench.ledger.submit({ kind: "echo", input: {} });
  const lie = { ...job, status: "completed" as const, output: null, as_of: "2026-01-01T00:00:00.000Z" };
  const copies = new Map([[job.id, lie]]);
  const stateDir = mkdtempSync(join(tmpdir(), "lockstep-own-"));
  folders.push(stateDir);
  const doctor = new DoctorService({
    ledger: bench.ledger,
    stateDir,
    onError: () => undefined,
    copies: {
      async get(id) {
        const found = copies.get(id);
        return found ? { state: "hit", job: found } : { state: "unknown" };
      },
      async remove(id, asOf) {
        return copies.get(id)?.as_of === asOf && copies.delete(id);
      },
    },
  });
  const api = await startServer(bench, { doctor });
  for (let index = 0; index < 10; index += 1) await bench.ledger.submit({ kind: "echo", input: {} });

  const begun = await api.post("/api/doctor/checks");
  expect(begun.status).toBe(202);
  const done = await waitFor(
    async () => {
      const { body } = await api.get(`/api/doctor/checks/${begun.body.id}`);
      return body.status === "done" ? body : null;
    },
    { what: "the check to end", deadlineMs: 20_000 },
  );
  expect(done.summary).toMatchObject({
    verdict: "drift",
    compared: 11,
    patterns: [{ pattern: "stale-surface", jobs: 1 }],
  });

  const plan = await api.post("/api/doctor/plans");
  expect(plan.body).toMatchObject({
    repairs: 1,
    examples: [{ id: job.id, view: "redis", action: "refresh" }],
  });
  const run = await api.post(`/api/doctor/plans/${plan.body.id}/apply`, {});
  expect(run.body).toMatchObject({ written: 1, changed: 0, refused: 0 });
  expect(copies.size).toBe(0);
  expect((await api.post(`/api/doctor/plans/${plan.body.id}/apply`, {})).body.code).toBe("PLAN_STALE");
  const undo = await api.post(`/api/doctor/runs/${run.body.id}/undo`, { dry_run: false });
  expect(undo.body).toMatchObject({
    undone: 0,
    left: [{ id: job.id, why: expect.stringContaining("not put back") }],
  });
  expect((await api.get("/api/doctor/runs")).body.runs).toHaveLength(2);
  await doctor.stop();
});
