// Makes docs/screens/: every page in both themes, from a server started for it with an embedded
// database and its own Redis. It needs a build (npm run build) and Debian's chromium, redis-server,
// autodock-vina, openbabel, fonts-inter and fonts-jetbrains-mono.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { Redis } from "ioredis";
import { chromium } from "playwright-core";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "docs", "screens");
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--enable-unsafe-swiftshader",
  "--no-first-run",
  "--disable-background-networking",
];
/** The example protein in Debian's package of Vina. */
const PROTEIN = "/usr/share/doc/autodock-vina/test-data/protein.pdbqt.gz";
const SIZE = { width: 1_280, height: 840 };
/**
 * Pixels of the picture for each pixel of the page: the README shows it smaller, on sharp screens.
 */
const SHARPNESS = 1.5;
const WAIT_SECONDS = 60;
const BOX = { center: { x: 11, y: 93, z: 63 }, size: { x: 15, y: 15, z: 15 } };
/** A SMILES text and a name on each line. */
const LIBRARY = `CC(=O)Oc1ccccc1C(=O)O aspirin
CC(=O)Nc1ccc(O)cc1 paracetamol
CN1C=NC2=C1C(=O)N(C)C(=O)N2C caffeine
CC(C)Cc1ccc(cc1)C(C)C(=O)O ibuprofen
OC(=O)c1ccccc1O salicylic-acid
COc1cc(C=O)ccc1O vanillin
NC(=O)c1cccnc1 nicotinamide
`;

const dataDir = mkdtempSync(join(tmpdir(), "lockstep-screens-"));
const redisPort = await freePort();
const redisUrl = `redis://127.0.0.1:${redisPort}`;
const redis = spawn(
  "redis-server",
  ["--bind", "127.0.0.1", "--port", String(redisPort), "--save", "", "--dir", dataDir],
  { stdio: "ignore" },
);
const server = spawn(
  process.execPath,
  [join(root, "dist", "cli", "main.js"), "up", "--port", "0", "--data-dir", dataDir, "--json"],
  {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, REDIS_URL: redisUrl, LOCKSTEP_LOG_LEVEL: "warn" },
  },
);
try {
  const { url } = await firstLine(server.stdout);
  const waiting = await submitForLater(url);
  const id = await prepare(url);
  const receptor = await upload(url, gunzipSync(readFileSync(PROTEIN)), "protein.pdbqt");
  const docking = await dock(url, receptor);
  const batch = await dockLibrary(url, receptor);
  const doctor = await plantDrift(url, waiting);
  mkdirSync(folder, { recursive: true });
  const pages = [
    ["overview", "/"],
    ["jobs", "/jobs"],
    ["scan-result", `/jobs/${id}`],
    ["docking-result", `/jobs/${docking}?pose=2`],
    ["batch", `/batches/${batch}`],
    ["timeline", `/jobs/${id}?tab=timeline`],
    ["submit-scan", "/submit/scan"],
    ["submit-docking", "/submit/docking"],
    ["doctor", doctor],
    ["system", "/system"],
  ];
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  for (const theme of ["light", "dark"]) {
    const context = await browser.newContext({
      baseURL: url,
      viewport: SIZE,
      deviceScaleFactor: SHARPNESS,
      colorScheme: theme,
    });
    for (const [name, path] of pages) {
      const page = await context.newPage();
      await page.goto(path);
      await page.locator("#content h1").first().waitFor();
      await page.locator('[data-live="live"]').waitFor();
      if (name === "docking-result") await page.locator("[data-viewer-pose]").waitFor();
      await page.waitForLoadState("load");
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700)));
      await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
      await page.close();
    }
    await context.close();
  }
  await browser.close();
} finally {
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await ended;
  const redisEnded = new Promise((resolve) => redis.once("exit", resolve));
  redis.kill("SIGTERM");
  await redisEnded;
  rmSync(dataDir, { recursive: true, force: true });
}

/**
 * Submits some scans: one has findings, one was cancelled and one has failed. @returns the id of
 * the one with findings
 */
async function prepare(url) {
  const scan = (path, more = {}) => ({ kind: "scan", input: { path }, ...more });
  const folders = [
    "packages/lockstep/src/job",
    "packages/lockstep/src/keys",
    "packages/lockstep/src/schedules",
    "packages/scan/src/sample",
  ];
  const gone = { kind: "scan", input: { git: "https://git.invalid/gone.git" }, max_attempts: 1 };
  const nightly = scan("src", { run_at: "2099-01-01T00:00:00Z", tags: ["nightly"] });
  const all = [nightly, gone, ...folders.map((path) => scan(path, { tags: ["release 4.2"] }))];
  const { jobs } = await post(url, "/api/jobs/batch", { jobs: all });
  await post(url, `/api/jobs/${jobs[0].id}/cancel`);
  for (const { id } of jobs.slice(1)) await ended(url, `/api/status/${id}`);
  return jobs.at(-1).id;
}

/** Runs a small docking. @returns its id */
async function dock(url, receptor) {
  const smiles = "Cc1ccc(NC(=O)c2ccccc2)cc1";
  const input = { receptor, smiles, ligand_name: "benzanilide", box: BOX, exhaustiveness: 2, seed: 7 };
  const { id } = await post(url, "/api/jobs", { kind: "docking", input });
  await ended(url, `/api/status/${id}`);
  return id;
}

/**
 * Docks a library against the same protein. @returns the id of its batch, when all its jobs have
 * ended
 */
async function dockLibrary(url, receptor) {
  const library = await upload(url, LIBRARY, "compounds.smi");
  const input = { receptor, box: BOX, exhaustiveness: 1, seed: 7 };
  const { id } = await post(url, "/api/batches", { kind: "docking", name: "compounds.smi", input, library });
  const { jobs } = await read(url, `/api/batches/${id}/jobs`);
  for (const job of jobs) await ended(url, `/api/status/${job.id}`);
  return id;
}

/** Waits for a job to end. */
async function ended(url, path) {
  for (let tries = 0; tries < 8; tries += 1) {
    const { status } = await read(url, `${path}?wait=${WAIT_SECONDS}`);
    if (["completed", "failed", "cancelled"].includes(status)) return;
  }
  throw new Error(`${path} took too long`);
}

async function upload(url, bytes, name) {
  const form = new FormData();
  form.append("file", new Blob([bytes]), name);
  return (await (await fetch(`${url}/api/files`, { method: "POST", body: form })).json()).id;
}

async function read(url, path) {
  return await (await fetch(url + path)).json();
}

/**
 * Submits jobs that are not due, so that a change of their copies changes nothing else. @returns
 * their ids
 */
async function submitForLater(url) {
  const later = { kind: "scan", input: { path: "src" }, run_at: "2099-01-01T00:00:00Z" };
  const { jobs } = await post(url, "/api/jobs/batch", { jobs: Array.from({ length: 20 }, () => later) });
  return jobs.map(({ id }) => id);
}

/**
 * Changes the copies of some of these jobs by hand. @returns the address of a plan that repairs
 * them
 */
async function plantDrift(url, ids) {
  const client = new Redis(redisUrl);
  for (const id of ids.slice(0, 3)) {
    let copy = null;
    while (copy === null) copy = await client.get(`result:${id}`);
    await client.set(`result:${id}`, copy.replace('"status":"pending"', '"status":"running"'));
  }
  client.disconnect();
  const { id } = await post(url, "/api/doctor/plans");
  await post(url, "/api/doctor/checks");
  const checked = async () =>
    (await (await fetch(`${url}/api/doctor/checks?limit=1`)).json()).checks[0].status;
  while ((await checked()) === "running") await new Promise((resolve) => setTimeout(resolve, 200));
  return `/doctor?pattern=stale-surface&action=refresh&plan=${id}`;
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function post(url, path, body) {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return await answer.json();
}

async function firstLine(stream) {
  for await (const line of createInterface({ input: stream })) return JSON.parse(line);
  throw new Error("the server ended before it began");
}
