import { createBridge } from "@lockstep/bullmq";
import { Queue } from "bullmq";
import { Redis as Client } from "ioredis";
import pino from "pino";
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../servers/database.js";
import { type Redis, startRedis } from "../servers/redis.js";
import { waitFor } from "../servers/wait-for.js";
import { expectNoErrors, openTab } from "./browser.js";
import { type Service, startService } from "./service.js";

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

const badgeOf = (page: Page, id: string) => page.locator(`tr[data-job="${id}"] .status`);

async function becomes(page: Page, id: string, status: string): Promise<void> {
  await waitFor(async () => (await badgeOf(page, id).getAttribute("data-status")) === status, {
    what: `the row to be ${status}`,
  });
}

it("before the first job every page explains what it is for and how to begin", async () => {
  const tab = await openTab(service.url);
  const { page } = tab;
  for (const [path, words, command] of [
    ["/jobs", "No jobs yet", "lockstep scan . --wait"],
    ["/batches", "No batches yet", "lockstep dock --receptor"],
  ] as const) {
    await page.goto(path);
    await page.getByRole("heading", { name: words }).waitFor();
    await page.getByText(command).waitFor();
  }
  expectNoErrors(tab);
  await tab.close();
});

it("while an answer is pending the page reserves its place, and earlier content stays, dimmed", async () => {
  const id = await service.submit({ steps: 1 }, { tags: ["slow"] });
  const tab = await openTab(service.url);
  const { page } = tab;
  let answer: () => void = () => undefined;
  const holdNext = () =>
    page.route(
      "**/api/jobs?*",
      async (route) => {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        await route.continue();
      },
      { times: 1 },
    );
  await holdNext();
  await page.goto("/jobs?tag=slow");
  await page.getByRole("status", { name: "Loading jobs" }).waitFor();
  answer();
  await becomes(page, id, "completed");
  await holdNext();
  await page.getByLabel("Tag").fill("another");
  await page.getByLabel("Tag").press("Enter");
  await page.locator(".dimmed").locator(`tr[data-job="${id}"]`).waitFor();
  answer();
  await page.getByRole("heading", { name: "No job matches these filters" }).waitFor();
  expectNoErrors(tab);
  await tab.close();
});

it("a row that no longer matches the filter stays, greyed out, until the page is reloaded; then the filters can be cleared", async () => {
  const id = await service.submit({ steps: 900, pause_ms: 100 }, { tags: ["leaves"] });
  const tab = await openTab(service.url);
  const { page } = tab;
  await waitFor(async () => (await service.get<{ status: string }>(`/api/jobs/${id}`)).status === "running", {
    what: "running",
  });
  await page.goto("/jobs?tag=leaves&status=running");
  await becomes(page, id, "running");
  await service.post(`/api/jobs/${id}/cancel`, {});
  await becomes(page, id, "cancelled");
  await page.locator(`tr[data-job="${id}"][data-left]`).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "No job matches these filters" }).waitFor();
  await page.getByRole("button", { name: "Clear last" }).click();
  await becomes(page, id, "cancelled");
  expect(new URL(page.url()).search).toBe("?tag=leaves");
  await page.getByRole("button", { name: "Clear all" }).click();
  await page.waitForURL((url) => url.search === "");
  expectNoErrors(tab);
  await tab.close();
});

it("the other keys open any page by name, select a row, copy its id, and hold changes back", async () => {
  const id = await service.submit({ steps: 900, pause_ms: 100 }, { tags: ["keys"] });
  const tab = await openTab(service.url);
  const { page, context } = tab;
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/jobs?tag=keys");
  await becomes(page, id, "running");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.getByText("1 selected").waitFor();

  await page.keyboard.press("p");
  await page.locator('[data-live="paused"]').waitFor();
  await service.post(`/api/jobs/${id}/cancel`, {});
  await waitFor(
    async () => (await service.get<{ status: string }>(`/api/jobs/${id}`)).status === "cancelled",
    { what: "cancelled" },
  );
  expect(await badgeOf(page, id).getAttribute("data-status")).toBe("running");
  await page.keyboard.press("p");
  await becomes(page, id, "cancelled");

  await page.goto(`/jobs/${id}`);
  await page.locator(".job-head .status").waitFor();
  await page.keyboard.press(".");
  await waitFor(async () => (await page.evaluate(() => navigator.clipboard.readText())) === id, {
    what: "the id to be copied",
  });
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByLabel("Go to").fill("doc");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/doctor|\/submit\/docking/);
  expectNoErrors(tab);
  await tab.close();
});

it("a job is cloned into its form, and copied as an HTTP call and as a command", async () => {
  const id = await service.submit({ steps: 3, text: "once more" });
  const tab = await openTab(service.url);
  const { page, context } = tab;
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`/jobs/${id}`);
  await page.locator(".job-head .status").waitFor();
  for (const [item, begins] of [
    ["Copy as curl", "curl "],
    ["Copy as a lockstep command", "lockstep submit 'act'"],
  ] as const) {
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: item }).click();
    await waitFor(async () => (await page.evaluate(() => navigator.clipboard.readText())).includes(begins), {
      what: item,
    });
  }
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Clone and edit" }).click();
  expect(await page.getByLabel("Steps").inputValue()).toBe("3");
  expect(await page.getByLabel("Text").inputValue()).toBe("once more");
  await page.getByRole("button", { name: "Submit act" }).click();
  await page.waitForURL((url) => /^\/jobs\/[0-9a-f-]{36}$/.test(url.pathname) && !url.pathname.endsWith(id));
  expectNoErrors(tab);
  await tab.close();
});

it("a job that a bridge copies into BullMQ shows BullMQ's state among its views", async () => {
  const queue = new Queue("mail", { connection: { url: redis.url } });
  const logger = pino({ level: "silent" });
  const bridge = await createBridge({ databaseUrl: postgres.url, queue, logger });
  const { id } = await bridge.add("mail", {});
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto(`/jobs/${id}`);
  await page.locator('.views[data-agree="true"]').getByText("all agree").waitFor();
  const shown = page.locator('[data-view="bullmq"]');
  await shown.getByText("waiting").waitFor(); // The views are read again until the entry is there.
  expect(await shown.textContent()).toMatch(/^BullMQ/);
  expect(await shown.locator(".status").getAttribute("data-status")).toBe("pending");
  await bridge.close();
  await queue.close();
  expectNoErrors(tab);
  await tab.close();
});

it("while the database is down a job that Redis knows is shown as a copy, and any other as unknown", async () => {
  const ids = [await service.submit({ text: "copied" }), await service.submit({ text: "not copied" })];
  for (const id of ids) await service.get(`/api/status/${id}?wait=20`);
  const client = new Client(redis.url);
  await waitFor(async () => (await client.get(`result:${ids[1]}`))?.includes('"completed"'), {
    what: "its copy",
  });
  await postgres.stop();
  await client.del(`result:${ids[1]}`);
  await client.quit();
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto(`/jobs/${ids[0]}`);
  await page
    .locator('.job-head .status[data-status="completed"][data-source="cache"]')
    .getByText(/as of/)
    .waitFor();
  expect(await page.getByRole("button", { name: "Retry" }).isDisabled()).toBe(true);
  await page.goto(`/jobs/${ids[1]}`);
  await page.locator(".status-unknown").first().waitFor();
  await page.getByText("It may have any status, or none.").waitFor();
  await postgres.start();
  await page.locator('.job-head .status[data-status="completed"][data-source="ledger"]').waitFor();
  expectNoErrors(tab);
  await tab.close();
});

it("a queue without a worker is reported on its job, on the system page and on the overview", async () => {
  const idle = await startService({ concurrency: 0 });
  const id = await idle.submit({});
  const tab = await openTab(idle.url);
  const { page } = tab;
  await page.goto(`/jobs/${id}`);
  await page
    .getByLabel("Why it has this status")
    .getByText(/no (live )?worker/i)
    .waitFor();
  await page.goto("/system");
  await page.getByText("no worker", { exact: true }).waitFor();
  await page.goto("/");
  await page.getByText("no live worker: nothing runs").waitFor();
  expectNoErrors(tab);
  await tab.close();
});
