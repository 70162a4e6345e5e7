import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { startRedis } from "../servers/redis.js";
import { waitFor } from "../servers/wait-for.js";
import { expectNoErrors, openTab } from "./browser.js";
import { startService } from "./service.js";

it("100,000 jobs: the first page is one request for a hundred, few nodes exist, and all matching jobs are cancelled until it is stopped", async () => {
  const service = await startService({ concurrency: 0 });
  const jobs = Array.from({ length: 10_000 }, () => ({ kind: "act", input: {} }));
  for (let part = 0; part < 10; part += 1) await service.post("/api/jobs/batch", { jobs });
  const tab = await openTab(service.url);
  const { page } = tab;
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === "/api/jobs") asked.push(searchParams.get("limit") ?? "no limit");
  });
  await page.goto("/jobs", { waitUntil: "commit" });
  await page.locator("tr[data-job]").first().waitFor();
  expect(asked).toEqual(["100"]);
  expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(1_500);
  expect(await page.locator("[data-total]").textContent()).toContain("10,000+");
  await page.getByRole("button", { name: "Older" }).click();
  await page.waitForURL(/cursor=/);
  await page.goBack();
  await page.getByLabel("Select all rows").check();
  await page.getByRole("button", { name: "Cancel all matching" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Cancel 10,000 or more/ })
    .click();
  await waitFor(
    async () => /^[\d,]*[1-9]/.test((await page.locator("[data-bulk] .number").textContent()) ?? ""),
    { what: "progress" },
  );
  await page.getByRole("button", { name: "Stop" }).click();
  await page.locator('[data-bulk="stopped"]').waitFor();
  const { counts, capped } = await service.get<{ counts: Record<string, number>; capped: string[] }>(
    "/api/stats",
  );
  expect(counts.cancelled).toBeGreaterThan(0);
  expect(capped).toContain("pending");
  expectNoErrors(tab);
  await tab.close();
});

it("a wrong copy in Redis shows in the views of its job; an outage of Redis hides no status", async () => {
  const redis = await startRedis();
  const service = await startService({ redisUrl: redis.url });
  const id = await service.submit({ text: "copied" });
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto(`/jobs/${id}`);
  await page.locator('.views[data-agree="true"]').waitFor();
  const client = new Redis(redis.url);
  const copy = await client.get(`result:${id}`);
  await client.set(`result:${id}`, (copy ?? "").replace('"status":"completed"', '"status":"failed"'));
  await client.quit();
  await page.locator('.views[data-agree="false"]').waitFor();
  await page.locator('[data-view="redis"] [data-status="failed"]').waitFor();
  expect(await page.locator(".job-head .status").getAttribute("data-status")).toBe("completed");
  await redis.stop();
  await page.locator('[data-outage="redis"]').waitFor();
  expect(await page.locator(".job-head .status").getAttribute("data-source")).toBe("ledger");
  await page.locator('[data-view="redis"] .status-unknown').waitFor();
  await redis.start();
  await page.locator('[data-outage="redis"]').waitFor({ state: "detached" });
  await page.locator('.views[data-agree="true"]').waitFor();
  expectNoErrors(tab);
  await tab.close();
  await service.close();
  await redis.remove();
});

it("the system's activity is plotted on one time axis, under one cursor, and can be read as tables", async () => {
  const service = await startService();
  const ids = [await service.submit({ fail: "it broke" })];
  for (let job = 0; job < 3; job += 1) ids.push(await service.submit({ steps: 1, pause_ms: 30 }));
  for (const id of ids) await service.get(`/api/status/${id}?wait=30`);
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto("/system");
  await waitFor(async () => (await page.locator(".plots .uplot").count()) === 7, { what: "seven plots" });
  const box = await page.locator(".plots .u-over").first().boundingBox();
  await page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 40);
  const cursors = () =>
    page
      .locator(".plots .u-cursor-x")
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).style.transform));
  await waitFor(async () => new Set(await cursors()).size === 1, { what: "one cursor for all" });
  expect((await cursors())[0]).toMatch(/translate\((199|200|201)/);

  const panel = (title: string) =>
    page.locator(".plots .panel").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
  const column = async (title: string, place: number) => {
    const cells = panel(title).locator(`tbody td:nth-child(${place})`);
    return (await cells.allTextContents()).map(Number);
  };
  for (const title of ["Ended", "Ran", "Waited", "Waiting in the queues"])
    await panel(title).getByRole("button", { name: "View as table" }).click();
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  expect([sum(await column("Ended", 2)), sum(await column("Ended", 3))]).toEqual([3, 1]);
  expect(Math.max(...(await column("Ran", 2)))).toBeGreaterThan(0);
  expect((await column("Waited", 2)).every((seconds) => seconds >= 0)).toBe(true);
  expect(await panel("Waiting in the queues").locator("th").allTextContents()).toContain("default");
  expectNoErrors(tab);
  await tab.close();
});

it("an outage of the API is shown, and the same page continues when it is back", async () => {
  const service = await startService();
  const id = await service.submit({ steps: 300, pause_ms: 100 });
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto(`/jobs/${id}`);
  await page.locator('[data-live="live"]').waitFor();
  await service.stopServer();
  await page.locator('[data-outage="server"]').waitFor();
  await page.locator('[data-live="reconnecting"], [data-live="polling"]').first().waitFor();
  await service.restart();
  await page.locator('[data-outage="server"]').waitFor({ state: "detached" });
  await page.locator('[data-live="live"]').waitFor();
  await service.post(`/api/jobs/${id}/cancel`, {});
  await waitFor(
    async () => (await page.locator(".job-head .status").getAttribute("data-status")) === "cancelled",
    { what: "the change after the cut" },
  );
  expectNoErrors(tab);
  await tab.close();
});

it("a browser signs in with a key, and sees only what its role allows", async () => {
  const service = await startService();
  const id = await service.submit({});
  const { token } = await service.runtime.keys.create({ name: "reader", role: "read" });
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto(`/jobs/${id}`);
  await page.getByLabel("API key").fill("lk_wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("unknown or was revoked").waitFor();
  await page.getByLabel("API key").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".job-head .status").waitFor();
  expect(await page.getByRole("button", { name: "Retry" }).count()).toBe(0);
  expect(await page.evaluate(() => document.cookie)).toBe("");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("API key").waitFor();
  await tab.close();
});
