import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openService, type Service } from "@lockstep/server/internal/service";
import { openWorkloads } from "lockstep/internal/workload";
import pino from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runCli } from "../../packages/cli/test/run-cli.js";
import { dockingWorkload } from "../../packages/docking/src/workload.js";
import { crystal, requireDockingTools, SMALL_BOX, shippedData } from "../../packages/docking/test/tools.js";
import { createClient, type TestClient } from "../../packages/server/test/client.js";
import { DEADLINE_MS } from "../runner/deadline.js";
import { freshDatabase } from "../servers/database.js";
import { waitFor } from "../servers/wait-for.js";

const NONE = { pending: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
const QUICK = { exhaustiveness: 1, num_modes: 1, cpu: 1, seed: 42, box: SMALL_BOX };
let dir: string;
let runtime: Service;
let client: TestClient;
let url: string;
let runsOfBabel: () => Promise<string[]>;
let work: () => Promise<unknown>;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "lockstep-batches-"));
  requireDockingTools();
  const databaseUrl = (await freshDatabase()).url;
  runtime = await openService({
    databaseUrl,
    dataDir: dir,
    leaseSeconds: 30,
    logger: pino({ level: "silent" }),
  });
  // The real programs, with a record of each run of Open Babel.
  const notes = join(dir, "obabel-runs");
  await writeFile(notes, "");
  await symlink("/usr/bin/vina", join(dir, "vina"));
  await writeFile(join(dir, "obabel"), `#!/bin/sh\necho "$*" >> ${notes}\nexec /usr/bin/obabel "$@"\n`);
  await chmod(join(dir, "obabel"), 0o755);
  runsOfBabel = async () => (await readFile(notes, "utf8")).trim().split("\n");
  const docking = dockingWorkload({ searchPath: `${dir}:/usr/bin:/bin` });
  const workloads = await openWorkloads([docking], { files: runtime.files, settings: {} });
  ({ url } = await runtime.startServer({ workloads, host: "127.0.0.1", port: 0, version: "0" }));
  work = () => runtime.startWorker({ workloads, concurrency: 2, queues: [] });
  client = createClient(url);
});
afterEach(async () => {
  await runtime.close();
  await rm(dir, { recursive: true, force: true });
});

/**
 * The protein's atoms near the box: the whole protein takes longer to prepare, but not to dock
 * into.
 */
function pocket(): string {
  const near = (line: string) =>
    Math.hypot(
      Number(line.slice(30, 38)) - SMALL_BOX.center.x,
      Number(line.slice(38, 46)) - SMALL_BOX.center.y,
      Number(line.slice(46, 54)) - SMALL_BOX.center.z,
    ) < 14;
  return crystal(shippedData().receptor).split("\n").filter(near).join("\n");
}

async function upload(content: string, name: string): Promise<string> {
  const form = new FormData();
  form.set("file", new Blob([content]), name);
  return (await client.call("POST", "/api/files", { raw: form })).body.id;
}

const untilFinished = (id: string) =>
  waitFor(
    async () => {
      const { body } = await client.get(`/api/batches/${id}`);
      return body.progress.finished === body.jobs ? body : null;
    },
    { what: "the batch to end", deadlineMs: 2 * DEADLINE_MS },
  );

it("a library is docked as one batch: counted, ranked, as CSV and SDF, its receptor prepared once", async () => {
  const lines = [
    "CCO ethanol",
    "Oc1ccccc1 phenol",
    "c1ccc2ccccc2c1 naphthalene",
    "OB(O)c1ccccc1 boronic_acid",
  ];
  const submitted = await client.post("/api/batches", {
    kind: "docking",
    name: "four",
    input: { receptor: await upload(pocket(), "pocket.pdb"), ...QUICK },
    library: await upload(lines.join("\n"), "four.smi"),
  });
  expect(submitted.body).toMatchObject({ jobs: 4, counts: { ...NONE, pending: 4 }, skipped: 0 });
  const id = submitted.body.id as string;
  await work();
  expect((await untilFinished(id)).counts).toEqual({ ...NONE, completed: 3, failed: 1 });

  const { results } = (await client.get(`/api/batches/${id}/results`)).body;
  const scores = results.slice(0, 3).map((each: { score: number }) => each.score);
  expect(scores).toEqual([...scores].sort((a, b) => a - b));
  expect(results[0]).toMatchObject({ rank: 1, values: { compound: "naphthalene", num_poses: 1 } });
  expect(results[3]).toMatchObject({
    rank: null,
    status: "failed",
    values: { compound: "boronic_acid" },
    error: { code: "ATOM_UNKNOWN" },
  });
  const csv = (await client.get(`/api/batches/${id}/results?format=csv`)).body.split("\r\n");
  expect(csv[0]).toBe(
    "rank,job_id,status,compound,best_score_kcal_per_mol,num_poses,heavy_atoms,smiles,error",
  );
  expect(csv[1]).toBe(`1,${results[0].job_id},completed,naphthalene,${scores[0]},1,10,c1ccc2ccccc2c1,`);
  const sdf = (await client.get(`/api/batches/${id}/results?format=sdf`)).body as string;
  expect(sdf.match(/^\$\$\$\$$/gm)).toHaveLength(3);
  expect([...sdf.matchAll(/^> {2}<rank>\n(\d)$/gm)].map((match) => match[1])).toEqual(["1", "2", "3"]);
  expect(sdf.startsWith("naphthalene\n")).toBe(true);
  expect((await runsOfBabel()).filter((run) => run.includes("receptor.pdb "))).toHaveLength(1);
});

it("a structure of an SDF library is docked alone, and the form accepts a library, too", async () => {
  const { center, size } = SMALL_BOX;
  const structure = (name: string, x: number) =>
    `${name}\n  by hand\n\n  2  1  0  0  0  0            999 V2000\n    ${x.toFixed(4)}    0.0000    0.0000 C   0  0\n    ${(x + 1.4).toFixed(4)}    0.0000    0.0000 O   0  0\n  1  2  1  0\nM  END\n$$$$\n`;
  const form = new FormData();
  form.set("protein", new Blob([pocket()]), "pocket.pdb");
  form.set("library", new Blob([structure("first", 0), structure("second", 1)]), "two.sdf");
  for (const axis of ["x", "y", "z"] as const) {
    form.set(`box_center_${axis}`, String(center[axis]));
    form.set(`box_size_${axis}`, String(size[axis]));
  }
  for (const name of ["exhaustiveness", "num_modes", "cpu"]) form.set(name, "1");
  const { status, body } = await client.call("POST", "/api/submit", { raw: form });
  expect([status, body]).toMatchObject([202, { jobs: 2, skipped: 0, message: "2 jobs submitted" }]);
  await work();
  expect((await untilFinished(body.batch_id)).counts).toEqual({ ...NONE, completed: 2 });
  const { results } = (await client.get(`/api/batches/${body.batch_id}/results`)).body;
  expect(results.map((each: { values: { compound: string } }) => each.values.compound).sort()).toEqual([
    "first",
    "second",
  ]);
  const job = (await client.get(`/api/jobs/${results[0].job_id}`)).body;
  expect(job.output.warnings.join()).not.toContain("holds 2 molecules");
});

it("lines that are not molecules are rejected with their numbers, or left out and recorded permanently", async () => {
  const receptor = await upload("x", "x.pdb");
  const library = await upload("CCO good\nc1ccccc1X bad\nC fine\nC(C open\n", "some.smi");
  const asked = { kind: "docking", input: { receptor, ...QUICK }, library };
  const refused = await client.post("/api/batches", asked);
  expect(refused.status).toBe(422);
  expect(refused.body).toMatchObject({ code: "INVALID_INPUT", detail: expect.stringContaining("2 of 4") });
  expect(refused.body.errors).toMatchObject([
    { pointer: "/library/lines/2", detail: expect.stringMatching(/^line 2: smiles .*at character 9/) },
    { pointer: "/library/lines/4", detail: expect.stringMatching(/^line 4: smiles/) },
  ]);
  const { body } = await client.post("/api/batches", { ...asked, skip_invalid: true });
  expect(body).toMatchObject({ jobs: 2, skipped: 2, skipped_lines: [{ line: 2 }, { line: 4 }], library });
  const shared = { ...asked, input: { receptor, ...QUICK, exhaustiveness: 0 } };
  expect((await client.post("/api/batches", shared)).body.errors).toMatchObject([
    { pointer: "/input/exhaustiveness" },
  ]);
  const nothing = { ...asked, library: await upload("\n", "none.smi") };
  expect((await client.post("/api/batches", nothing)).body.errors).toMatchObject([{ pointer: "/library" }]);
});

it("10,000 compounds are submitted, counted, cancelled, retried and exported in seconds", async () => {
  const library = await upload(
    Array.from({ length: 10_000 }, (_, n) => `${"C".repeat(1 + (n % 20))}O molecule-${n}`).join("\n"),
    "many.smi",
  );
  const input = { receptor: await upload("x", "x.pdb"), ...QUICK };
  const { body: batch } = await client.post("/api/batches", { kind: "docking", input, library });
  expect(batch).toMatchObject({ jobs: 10_000, counts: { ...NONE, pending: 10_000 } });
  expect((await client.post(`/api/batches/${batch.id}/cancel`)).body).toMatchObject({
    changed: 10_000,
    batch: { counts: { ...NONE, cancelled: 10_000 } },
  });
  const csv = (await client.get(`/api/batches/${batch.id}/results?format=csv`)).body;
  expect(csv.trimEnd().split("\r\n")).toHaveLength(10_001);
  expect((await client.post(`/api/batches/${batch.id}/retry`)).body.changed).toBe(10_000);
  expect((await client.get(`/api/batches/${batch.id}`)).body.counts).toEqual({ ...NONE, pending: 10_000 });
  await client.post(`/api/batches/${batch.id}/cancel`);
});

it("lockstep dock --library waits and prints a ranked table, and lockstep batches does the rest", async () => {
  await writeFile(join(dir, "pocket.pdb"), pocket());
  await writeFile(join(dir, "two.csv"), "name,smiles\nethanol,CCO\nphenol,Oc1ccccc1\n");
  await work();
  const { center, size } = SMALL_BOX;
  const at = ["--url", url];
  const docked = await runCli([
    ...["dock", "--receptor", join(dir, "pocket.pdb"), "--library", join(dir, "two.csv"), "--wait", ...at],
    ...["--center", `${center.x},${center.y},${center.z}`, "--size", `${size.x},${size.y},${size.z}`],
    ...["--exhaustiveness", "1", "--num-modes", "1", "--cpu", "1", "--seed", "1"],
  ]);
  expect(docked.code, docked.stderr).toBe(0);
  expect(docked.stdout).toMatch(/RANK +COMPOUND +BEST SCORE.*\n +1 +phenol +-\d[^\n]*\n +2 +ethanol +-\d/);
  expect(docked.stderr).toContain("2 completed, 0 failed");
  const id = /batch ([0-9a-f-]{36})/.exec(docked.stderr)?.[1] ?? "";
  expect((await runCli(["batches", "list", ...at])).stdout).toContain("two.csv");
  expect((await runCli(["batches", "get", id, ...at])).stdout).toContain("2 of 2 jobs");
  expect((await runCli(["batches", "retry", id, "--yes", ...at])).stderr).toContain("0 jobs");
  const file = join(dir, "out.sdf");
  expect((await runCli(["batches", "results", id, "--format", "sdf", "-o", file, ...at])).code).toBe(0);
  expect(await readFile(file, "utf8")).toContain("> ");
});
