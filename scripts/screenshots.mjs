// Makes docs/screens/: every page in both themes, of a server started for it with its database embedded and a Redis of its own.
// It needs a build (npm run build), and of Debian chromium, redis-server, autodock-vina and openbabel.
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
/** The protein that Debian's package of Vina brings along to try it with. */
const PROTEIN = "/usr/share/doc/autodock-vina/test-data/protein.pdbqt.gz";
const SIZE = { width: 1_240, height: 800 };
const WAIT_SECONDS = 60;

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
  { cwd: root, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, REDIS_URL: redisUrl } },
);
try {
  const { url } = await firstLine(server.stdout);
  const id = await prepare(url);
  const docking = await dock(url);
  const doctor = await plantDrift(url);
  mkdirSync(folder, { recursive: true });
  const pages = [
    ["overview", "/"],
    ["jobs", "/jobs"],
    ["scan-result", `/jobs/${id}`],
    ["docking-result", `/jobs/${docking}?pose=2`],
    ["timeline", `/jobs/${id}?tab=timeline`],
    ["submit-scan", "/submit/scan"],
    ["submit-docking", "/submit/docking"],
    ["doctor", doctor],
    ["system", "/system"],
  ];
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  for (const theme of ["light", "dark"]) {
    const context = await browser.newContext({ baseURL: url, viewport: SIZE, colorScheme: theme });
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

/** Some scans, of which one has findings; its id. */
async function prepare(url) {
  const scans = ["src/job", "src/keys", "src/workloads/scan/sample"].map((path) => ({
    kind: "scan",
    input: { path },
  }));
  const cancelled = {
    kind: "scan",
    input: { path: "src" },
    run_at: "2099-01-01T00:00:00Z",
    tags: ["nightly"],
  };
  const { jobs } = await post(url, "/api/jobs/batch", { jobs: [...scans, cancelled] });
  await post(url, `/api/jobs/${jobs[3].id}/cancel`);
  await Promise.all(jobs.slice(0, 3).map(({ id }) => fetch(`${url}/api/status/${id}?wait=${WAIT_SECONDS}`)));
  return jobs[2].id;
}

/** A small docking; its id. */
async function dock(url) {
  const form = new FormData();
  form.append("file", new Blob([gunzipSync(readFileSync(PROTEIN))]), "protein.pdbqt");
  const stored = await (await fetch(`${url}/api/files`, { method: "POST", body: form })).json();
  const box = { center: { x: 11, y: 93, z: 63 }, size: { x: 15, y: 15, z: 15 } };
  const smiles = "Cc1ccc(NC(=O)c2ccccc2)cc1";
  const input = { receptor: stored.id, smiles, ligand_name: "benzanilide", box, exhaustiveness: 2, seed: 7 };
  const { id } = await post(url, "/api/jobs", { kind: "docking", input });
  for (let tries = 0; tries < 4; tries += 1) {
    const answer = await fetch(`${url}/api/status/${id}?wait=30`);
    if ((await answer.json()).status === "completed") return id;
  }
  throw new Error("the docking took too long");
}

/** Jobs of which some copies were changed by hand; the address of a plan that mends them. */
async function plantDrift(url) {
  const later = { kind: "scan", input: { path: "src" }, run_at: "2099-01-01T00:00:00Z" };
  const { jobs } = await post(url, "/api/jobs/batch", { jobs: Array.from({ length: 20 }, () => later) });
  const client = new Redis(redisUrl);
  for (const { id } of jobs.slice(0, 3)) {
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
