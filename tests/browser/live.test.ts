import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../servers/database.js";
import { waitFor } from "../servers/wait-for.js";
import { expectNoErrors, openTab } from "./browser.js";
import { type Service, startService } from "./service.js";

const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "javascript:alert(1)",
  "\u001b[31mred\u001b[0m\u202egpj.exe",
  `"'><svg/onload=alert(1)>${"W".repeat(2_000)}`,
];

let postgres: Postgres;
let service: Service;
beforeAll(async () => {
  postgres = await startPostgres();
  service = await startService({ databaseUrl: postgres.url });
  return () => postgres.remove();
});

const batch = (count: number, input: object, tags: readonly string[] = []) =>
  service.post("/api/jobs/batch", {
    jobs: Array.from({ length: count }, () => ({ kind: "act", input, tags })),
  });

/** Records every time a badge shows an older version of its job than it showed before. */
async function watchBadges(page: Page): Promise<void> {
  await page.evaluate(() => {
    const newest = new Map<string, number>();
    const seen = { backwards: [] as string[], changes: 0 };
    Object.assign(window, { seen });
    const look = () => {
      for (const badge of document.querySelectorAll<HTMLElement>("tr[data-job] .status, .job-head .status")) {
        const job = badge.closest<HTMLElement>("tr[data-job]")?.dataset.job ?? location.pathname;
        const version = Number(badge.dataset.version);
        const before = newest.get(job) ?? 0;
        if (version < before) seen.backwards.push(`${job}: ${before} to ${version}`);
        if (version > before) seen.changes += 1;
        newest.set(job, Math.max(version, before));
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    look();
  });
}

const seen = (page: Page) =>
  page.evaluate(() => (window as unknown as { seen: { backwards: string[]; changes: number } }).seen);

it("no badge goes backwards while 500 jobs change, and list and record agree at the end", async () => {
  await batch(500, { steps: 1, pause_ms: 20 }, ["many"]);
  const tab = await openTab(service.url);
  await tab.page.goto("/jobs?tag=many");
  await tab.page.locator("tr[data-job]").first().waitFor();
  await watchBadges(tab.page);
  await waitFor(
    async () => {
      const { total } = await service.get<{ total: number }>(
        "/api/jobs?tag=many&status=completed&count=true",
      );
      return total === 500;
    },
    { what: "all 500" },
  );
  await waitFor(
    async () =>
      (await tab.page
        .locator("tr[data-job] .status")
        .evaluateAll((badges) =>
          badges.every((badge) => badge.getAttribute("data-status") === "completed"),
        )) === true,
    { what: "every row on screen" },
  );
  const { backwards } = await seen(tab.page);
  expect(backwards).toEqual([]);
  const shown = await tab.page
    .locator("tr[data-job]")
    .evaluateAll((rows) =>
      rows.map((row) => [
        row.getAttribute("data-job"),
        row.querySelector(".status")?.getAttribute("data-version"),
      ]),
    );
  expect(shown.length).toBeGreaterThan(10);
  for (const [id, version] of shown.slice(0, 10))
    expect(version).toBe(String((await service.get<{ version: number }>(`/api/jobs/${id}`)).version));
  expectNoErrors(tab);
  await tab.close();
});

it("hostile text in any field runs no script and stays inside its own element", async () => {
  const ids: string[] = [];
  for (const text of HOSTILE)
    ids.push(
      await service.submit(
        { steps: 1, text, fail: text },
        { tags: ["hostile", text.replace(/\p{C}/gu, "").slice(0, 90)] },
      ),
    );
  const tab = await openTab(service.url, { width: 1_000 });
  for (const path of ["/", "/jobs?tag=hostile", "/system", ...ids.map((id) => `/jobs/${id}?tab=attempts`)]) {
    await tab.page.goto(path);
    await tab.page.locator("#content .panel").first().waitFor();
    const wide = await tab.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(wide, `${path} scrolls sideways`).toBe(false);
    expect(await tab.page.locator("main img, main script, main iframe").count(), path).toBe(0);
  }
  for (const part of ["logs", "input", "raw", "timeline"]) {
    await tab.page.goto(`/jobs/${ids[0]}?tab=${part}`);
    await tab.page.locator(".panel-body").last().waitFor();
  }
  expectNoErrors(tab);
  await tab.close();
});

it("while only the stream is cut the page says that it polls instead, shows every change, and listens again", async () => {
  const id = await service.submit({ steps: 60, pause_ms: 250 }, { tags: ["cut"] });
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto("/jobs?tag=cut");
  await page.locator('[data-live="live"]').waitFor();
  await page.route("**/api/events?*", (route) => route.abort());
  await page.locator(`tr[data-job="${id}"] a`).click(); // Another page follows other events, for which there is no stream now.
  await page.locator('[data-live="reconnecting"]').waitFor();
  await page.getByText("Polling every 5 s").waitFor();
  await service.post(`/api/jobs/${id}/cancel`, {});
  const badge = page.locator(".job-head .status");
  await waitFor(async () => (await badge.getAttribute("data-status")) === "cancelled", {
    what: "the change, without a stream",
  });
  await page.unroute("**/api/events?*");
  await page.locator('[data-live="live"]').waitFor();
  expectNoErrors(tab);
  await tab.close();
});

it("a page older than the server's offers to load the newer one, but does not load it without a click", async () => {
  const id = await service.submit({}, { tags: ["old"] });
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto("/jobs?tag=old");
  await page.locator('[data-live="live"]').waitFor();
  await page.evaluate(() => {
    Object.assign(window, { sameDocument: true });
    document.querySelector("script[type=module]")?.setAttribute("src", "/assets/old.js");
  });
  await page.route("**/api/events?*", (route) => route.abort()); // As when the server is replaced.
  await page.locator(`tr[data-job="${id}"] a`).click();
  await page.locator("[data-new-build]").getByText("newer build").waitFor();
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
  await page.getByRole("button", { name: "Reload" }).click();
  await page.waitForFunction(() => !("sameDocument" in window));
  await page.locator(".job-head .status").waitFor();
  expect(await page.locator("[data-new-build]").count()).toBe(0);
  expectNoErrors(tab);
  await tab.close();
});

it("a scan is submitted once from its form, and followed to its findings, by keyboard", async () => {
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto("/");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await page.waitForURL("**/submit");
  await page.getByRole("link", { name: /^scan/ }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Path").fill("packages/lockstep/src/job");
  await page.getByRole("button", { name: "Submit scan" }).dblclick();
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}/);
  await page.getByRole("heading", { name: /findings in \d+ files/ }).waitFor();
  const { total } = await service.get<{ total: number }>("/api/jobs?kind=scan&count=true");
  expect(total).toBe(1);
  expectNoErrors(tab);
  await tab.close();
});

it("while the database is down the page says so, refuses writes, and recovers without a reload", async () => {
  const id = await service.submit({ steps: 200, pause_ms: 100 });
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto(`/jobs/${id}`);
  const badge = page.locator(".job-head .status");
  await waitFor(async () => (await badge.getAttribute("data-status")) === "running", { what: "running" });
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await postgres.stop();
  await page.locator('[data-outage="database"]').waitFor();
  await waitFor(async () => (await badge.getAttribute("data-source")) === "cache", {
    what: "a dashed badge",
  });
  expect(await page.getByRole("button", { name: "Cancel", exact: true }).isDisabled()).toBe(true);
  await postgres.start();
  await page.locator('[data-outage="database"]').waitFor({ state: "detached" });
  await waitFor(async () => (await badge.getAttribute("data-source")) === "ledger", {
    what: "a solid badge",
  });
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await waitFor(async () => (await badge.getAttribute("data-status")) === "cancelled", { what: "cancelled" });
  expectNoErrors(tab);
  await tab.close();
});
