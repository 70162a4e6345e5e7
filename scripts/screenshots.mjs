// Makes docs/screens/: every page in both themes, of a server started for it with its database embedded.
// It needs a build (npm run build) and Debian's chromium.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "docs", "screens");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const SIZE = { width: 1_240, height: 800 };
const WAIT_SECONDS = 60;

const dataDir = mkdtempSync(join(tmpdir(), "lockstep-screens-"));
const server = spawn(
  process.execPath,
  [join(root, "dist", "cli", "main.js"), "up", "--port", "0", "--data-dir", dataDir, "--json"],
  { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
);
try {
  const { url } = await firstLine(server.stdout);
  const id = await prepare(url);
  mkdirSync(folder, { recursive: true });
  const pages = [
    ["overview", "/"],
    ["jobs", "/jobs"],
    ["scan-result", `/jobs/${id}`],
    ["timeline", `/jobs/${id}?tab=timeline`],
    ["submit-scan", "/submit/scan"],
    ["submit-docking", "/submit/docking"],
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
