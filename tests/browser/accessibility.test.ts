import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Redis as Client } from "ioredis";
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../servers/database.js";
import { type Redis, startRedis } from "../servers/redis.js";
import { waitFor } from "../servers/wait-for.js";
import { openTab } from "./browser.js";
import { type Service, startService } from "./service.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PLACES = ["/", "/jobs", "/batches", "/submit", "/submit/scan", "/submit/docking", "/doctor", "/system"];

let postgres: Postgres;
let redis: Redis;
let service: Service;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  service = await startService({ databaseUrl: postgres.url, redisUrl: redis.url });
  return async () => {
    await redis.remove();
    await postgres.remove();
  };
});

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** The serious accessibility faults of the page as it is, in both themes. */
async function issuesOf(page: Page): Promise<readonly string[]> {
  const issues: string[] = [];
  await page.evaluate(axe);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`:root[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
    const { violations } = await page.evaluate(() =>
      (window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe.run(),
    );
    for (const { id: rule, impact, nodes } of violations)
      if (impact === "serious" || impact === "critical")
        issues.push(`${colorScheme} ${page.url()} ${rule}: ${nodes[0]?.html.slice(0, 160)}`);
  }
  return issues;
}

/** Opens each address in a new tab and checks it. */
async function look(paths: readonly string[], ready: string): Promise<readonly string[]> {
  const tab = await openTab(service.url);
  const issues: string[] = [];
  for (const path of paths) {
    await tab.page.goto(path);
    await tab.page.locator(ready).first().waitFor();
    issues.push(...(await issuesOf(tab.page)));
  }
  await tab.close();
  return issues;
}

it("no route has a serious accessibility fault while there is nothing to show", async () => {
  expect(await look(PLACES, "#content h1")).toEqual([]);
});

it("no route has one with full data: failures, findings, drift, a plan and every section of a job", async () => {
  const failed = await service.submit({ steps: 2, fail: "it broke" });
  const running = await service.submit({ steps: 900, pause_ms: 100, text: "at work" });
  const { id: scan } = await service.post("/api/jobs", {
    kind: "scan",
    input: { path: "packages/scan/src/sample" },
  });
  const { jobs } = await service.post<{ jobs: { id: string }[] }>("/api/jobs/batch", {
    jobs: Array.from({ length: 20 }, () => ({ kind: "act", input: {}, run_at: "2099-01-01T00:00:00Z" })),
  });
  const id = jobs[0]!.id;
  const client = new Client(redis.url);
  const copy = await waitFor(() => client.get(`result:${id}`), { what: "the copy" });
  await client.set(`result:${id}`, copy.replace('"status":"pending"', '"status":"failed"'));
  await client.quit();
  await service.get(`/api/status/${scan}?wait=30`);
  const { id: plan } = await service.post("/api/doctor/plans", {});
  await service.post("/api/doctor/checks", {});
  await waitFor(
    async () =>
      (await service.get<{ checks: { status: string }[] }>("/api/doctor/checks")).checks[0]?.status ===
      "done",
    { what: "the check" },
  );
  const { id: batch } = await service.post("/api/batches", {
    kind: "act",
    inputs: [{ text: "one" }, { fail: "it broke" }, { steps: 900, pause_ms: 100 }],
  });
  const runtime = ["timeline", "attempts", "logs", "input", "raw"].map((tab) => `/jobs/${failed}?tab=${tab}`);
  const doctor = `/doctor?plan=${plan}&pattern=stale-surface&action=refresh`;
  const paths = [
    "/",
    "/jobs",
    `/jobs/${scan}`,
    `/jobs/${running}`,
    `/jobs/${id}`,
    `/batches/${batch}`,
    ...runtime,
    doctor,
    "/system",
  ];
  expect(await look(paths, "#content .panel")).toEqual([]);
});

it("no route has one while the database is down", async () => {
  await postgres.stop();
  const issues = await look(PLACES, '[data-outage="database"]');
  await postgres.start();
  expect(issues).toEqual([]);
});
