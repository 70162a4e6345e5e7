import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { docking } from "@lockstep/docking";
import { openService, type Service } from "@lockstep/server/internal/service";
import { openWorkloads } from "lockstep/internal/workload";
import pino from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli, spawnCli } from "../../packages/cli/test/run-cli.js";
import { SMALL_BOX, SMALL_LIGAND, shippedData } from "../../packages/docking/test/tools.js";
import { takeAway } from "../../packages/lockstep/test/ledger/take-away.js";
import { processesWith } from "../../packages/scan/test/processes.js";
import { createClient, type TestClient } from "../../packages/server/test/client.js";
import { DEADLINE_MS } from "../runner/deadline.js";
import { freshDatabase } from "../servers/database.js";
import { waitFor } from "../servers/wait-for.js";

const data = shippedData();
/** A lease during which a worker reports three times. */
const LEASE = 6;
let dir: string;
let databaseUrl: string;
let runtime: Service;
let client: TestClient;
let url: string;
let worker: ChildProcess | null = null;

/**
 * The tests share a server, and the worker that the first of them leaves running: each takes
 * seconds to start.
 */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "lockstep-over-http-"));
  databaseUrl = (await freshDatabase()).url;
  const logger = pino({ level: "silent" });
  runtime = await openService({ databaseUrl, dataDir: dir, leaseSeconds: LEASE, logger });
  const workloads = await openWorkloads([docking], { files: runtime.files, settings: {} });
  ({ url } = await runtime.startServer({ workloads, host: "127.0.0.1", port: 0, version: "0" }));
  client = createClient(url);
});
afterAll(async () => {
  worker?.kill("SIGKILL");
  await runtime.close();
  await rm(dir, { recursive: true, force: true });
});

/** A worker in a separate process. */
function startWorker() {
  const args = [
    "worker",
    "--concurrency",
    "1",
    "--data-dir",
    dir,
    "--lease",
    String(LEASE),
    "--log-level",
    "error",
  ];
  const child = spawnCli(args, { env: { DATABASE_URL: databaseUrl } });
  worker = child;
  return child;
}

async function endWorker(): Promise<void> {
  if (worker === null || worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = once(worker, "exit");
  worker.kill("SIGKILL");
  await ended;
  worker = null;
}

const shipped = (fields: Record<string, string>): FormData => {
  const form = new FormData();
  form.set("protein", new Blob([data.receptor]), "protein.pdbqt");
  for (const axis of ["x", "y", "z"] as const) {
    form.set(`box_center_${axis}`, String(SMALL_BOX.center[axis]));
    form.set(`box_size_${axis}`, String(SMALL_BOX.size[axis]));
  }
  for (const [name, value] of Object.entries({ exhaustiveness: "1", cpu: "1", seed: "42", ...fields }))
    form.set(name, value);
  return form;
};

it("when a worker is killed during a docking, Vina is killed too, and attempt 2 completes", async () => {
  // In any order of the tests: no other worker may take the job.
  await endWorker();
  const first = startWorker();
  // Long enough to be killed while it runs.
  const { body } = await client.call("POST", "/api/submit", {
    raw: shipped({ smiles: "CCCCO", exhaustiveness: "6", energy_range: "3.5625" }),
  });
  const vinas = () => processesWith("--energy_range=3.5625");
  await waitFor(() => vinas().length === 1, { what: "Vina to run" });
  first.kill("SIGKILL");
  await waitFor(() => vinas().length === 0, { what: "Vina to be gone" });
  await takeAway(runtime.database, body.job_id);
  startWorker();
  const job = await waitFor(
    async () => {
      const found = (await client.get(`/api/jobs/${body.job_id}?wait=10`)).body;
      return found.status === "completed" || found.status === "failed" ? found : null;
    },
    { what: "the docking to end", deadlineMs: 2 * DEADLINE_MS },
  );
  expect(job, JSON.stringify(job.error)).toMatchObject({
    status: "completed",
    attempt: 2,
    failures: 0,
    losses: 1,
  });
});

it("a docking from upload to downloaded SDF gets the same scores as vina in a shell, from a worker in another process", async () => {
  if (worker === null) startWorker();
  const form = shipped({});
  form.set("ligand", new Blob([SMALL_LIGAND]), "ligand.pdbqt");
  const submitted = await client.call("POST", "/api/submit", { raw: form });
  expect(submitted).toMatchObject({
    status: 202,
    body: { status: "pending", message: expect.stringMatching(/waits/), version: 1, source: "ledger" },
  });
  const id = submitted.body.job_id as string;
  expect((await client.get(`/api/result/${id}/sdf`)).body).toMatchObject({ code: "NOT_FINISHED" });

  await writeFile(join(dir, "p.pdbqt"), data.receptor);
  await writeFile(join(dir, "l.pdbqt"), SMALL_LIGAND);
  const box = (["x", "y", "z"] as const).flatMap((axis) => [
    `--center_${axis}=${SMALL_BOX.center[axis]}`,
    `--size_${axis}=${SMALL_BOX.size[axis]}`,
  ]);
  const files = ["--receptor=p.pdbqt", "--ligand=l.pdbqt", "--out=shell.pdbqt"];
  // Not execFileSync: the server runs in this process.
  const quick = ["--exhaustiveness=1", "--cpu=1", "--seed=42"];
  await promisify(execFile)("/usr/bin/vina", [...files, ...box, ...quick], { cwd: dir });
  const byHand = /^REMARK VINA RESULT:\s+(\S+)/m.exec(await readFile(join(dir, "shell.pdbqt"), "utf8"))?.[1];

  const status = await waitFor(
    async () => {
      const { body } = await client.get(`/api/status/${id}?wait=10`);
      return body.status === "completed" || body.status === "failed" ? body : null;
    },
    { what: "the docking to end" },
  );
  expect(status).toMatchObject({ status: "completed", source: "ledger" });
  expect(Object.keys(status.results).sort()).toEqual(["best_score", "num_poses", "output_file", "scores"]);
  expect(status.results.best_score).toBe(Number(byHand));

  for (const [type, pattern] of [
    ["sdf", /M {2}END/],
    ["pdbqt", /REMARK VINA RESULT/],
    ["pdb", /^HETATM.* C$/m],
    ["csv", /^mode,affinity/],
  ] as const) {
    const file = await client.get(`/api/result/${id}/${type}`);
    expect(file.status).toBe(200);
    expect(file.body).toMatch(pattern);
  }
  expect((await client.get(`/api/result/${id}/exe`)).body).toMatchObject({ code: "ARTIFACT_NOT_FOUND" });
  const part = await client.get(`/api/jobs/${id}/artifacts/scores.csv`, { range: "bytes=0-3" });
  expect([part.status, part.body, part.headers.get("content-range")]).toEqual([
    206,
    "mode",
    expect.stringMatching(/^bytes 0-3\//),
  ]);

  const result = await runCli(["result", id, "-o", join(dir, "out"), "--url", url]);
  expect(result.code).toBe(0);
  expect(await readdir(join(dir, "out"))).toContain("poses.sdf");
});

it("a form with an invalid number, and one without a ligand, are rejected with the pointer", async () => {
  const bad = await client.call("POST", "/api/submit", {
    raw: shipped({ smiles: "CCO", num_modes: "many" }),
  });
  expect(bad.body).toMatchObject({
    code: "INVALID_INPUT",
    errors: [{ pointer: "/num_modes", detail: "must be a number" }],
  });
  const none = await client.call("POST", "/api/submit", { raw: shipped({}) });
  expect(none.body).toMatchObject({ code: "INVALID_INPUT", errors: [{ pointer: "/input/ligand" }] });
  const other = await client.call("POST", "/api/submit", {
    raw: shipped({ smiles: "C", job_type: "folding" }),
  });
  expect(other.body).toMatchObject({ code: "UNKNOWN_KIND" });
});

it("lockstep dock waits and prints the poses", async () => {
  if (worker === null) startWorker();
  await writeFile(join(dir, "protein.pdbqt"), data.receptor);
  const { center, size } = SMALL_BOX;
  const flags = [
    "--center",
    `${center.x},${center.y},${center.z}`,
    "--size",
    `${size.x},${size.y},${size.z}`,
  ];
  const quick = ["--exhaustiveness", "1", "--cpu", "1", "--seed", "5", "--wait", "--url", url];
  const result = await runCli([
    "dock",
    "--receptor",
    join(dir, "protein.pdbqt"),
    "--smiles",
    "CCO",
    ...flags,
    ...quick,
  ]);
  expect(result.code, result.stderr).toBe(0);
  expect(result.stdout).toMatch(
    /POSE {2}KCAL\/MOL.*\n +1 +-\d\.\d{3}[\s\S]*kcal\/mol for the best pose, \d poses?, seed 5/,
  );
});
