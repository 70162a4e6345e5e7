import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openService, type Service } from "@lockstep/server/internal/service";
import { defineJob, newId } from "lockstep/internal/job";
import { openWorkloads } from "lockstep/internal/workload";
import pino from "pino";
import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { docking, dockingWorkload } from "../../packages/docking/src/workload.js";
import { createClient } from "../../packages/server/test/client.js";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function open(lines: string[]): Promise<Service> {
  const dataDir = await mkdtemp(join(tmpdir(), "lockstep-offering-"));
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
  const logger = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  const runtime = await openService({ databaseUrl: null, dataDir, leaseSeconds: 30, logger });
  cleanups.push(() => runtime.close());
  return runtime;
}

it("a worker without the programs does not offer dockings, and a waiting client learns what to install", async () => {
  const lines: string[] = [];
  const runtime = await open(lines);
  const without = dockingWorkload({ searchPath: "/var/empty" });
  const workloads = await openWorkloads([without], { files: runtime.files, settings: {} });
  const noop = defineJob({ kind: "noop", input: z.unknown(), run: () => null });
  const definitions = [noop];
  await runtime.startWorker({ definitions, workloads, concurrency: 1, queues: [] });
  const { url } = await runtime.startServer({
    definitions,
    workloads,
    host: "127.0.0.1",
    port: 0,
    version: "0",
  });
  const client = createClient(url);

  expect((await runtime.ledger.workers()).map((worker) => worker.kinds)).toEqual([["noop"]]);
  expect(lines.join()).toContain("apt-get install autodock-vina openbabel");

  const needed = [
    { program: "vina", debian_package: "autodock-vina" },
    { program: "obabel", debian_package: "openbabel" },
  ];
  const health = (await client.get("/health/ready")).body as { kinds: unknown[] };
  expect(health.kinds).toEqual([
    { kind: "docking", workers_live: 0, programs: needed },
    { kind: "noop", workers_live: 1, programs: [] },
  ]);
  expect((await client.get("/api/kinds/docking")).body).toMatchObject({ workers_live: 0, programs: needed });

  const id = newId();
  const input = { receptor: "0".repeat(64), smiles: "CCO" };
  const { job } = await runtime.ledger.submit({ kind: "docking", input, unique_key: id });
  const { body } = await client.get(`/api/jobs/${job.id}/explain`);
  expect((body as { summary: string }).summary).toMatch(
    /no live worker takes kind docking.*A worker offers docking only where vina and obabel are installed; on Debian: apt-get install autodock-vina openbabel/,
  );
  expect((body as { evidence: unknown[] }).evidence).toContainEqual({
    name: "needed_programs",
    value: needed,
  });
});

it("a fault in a SMILES text is rejected at submit, with its position", async () => {
  const runtime = await open([]);
  const workloads = await openWorkloads([docking], { files: runtime.files, settings: {} });
  const { url } = await runtime.startServer({ workloads, host: "127.0.0.1", port: 0, version: "0" });
  const input = { receptor: "0".repeat(64), smiles: "c1ccccc1X" };
  const refused = await createClient(url).post("/api/jobs", { kind: "docking", input });
  expect(refused.status).toBe(422);
  expect(refused.body).toMatchObject({
    code: "INVALID_INPUT",
    errors: [
      { pointer: "/input/smiles", detail: 'has "X", which SMILES does not know here (at character 9)' },
    ],
  });
});
