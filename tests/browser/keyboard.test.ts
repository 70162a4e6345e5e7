import { Redis as Client } from "ioredis";
import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { type Redis, startRedis } from "../servers/redis.js";
import { waitFor } from "../servers/wait-for.js";
import { expectNoErrors, openTab } from "./browser.js";
import { type Service, startService } from "./service.js";

/** More Tab presses than this from the top of a page, and nobody would get there. */
const TABS_MAX = 40;

let redis: Redis;
let service: Service;
beforeAll(async () => {
  redis = await startRedis();
  service = await startService({ redisUrl: redis.url });
  return () => redis.remove();
});

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  const hasFocus = () => wanted.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < TABS_MAX; presses += 1) {
    if (await hasFocus()) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${TABS_MAX} times Tab do not reach ${wanted.toString()}`);
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

async function becomes(page: Page, status: string): Promise<void> {
  const badge = page.locator(".job-head .status");
  await waitFor(async () => (await badge.getAttribute("data-status")) === status, { what: status });
}

it("a job is submitted, found, cancelled and run again with the keyboard alone", async () => {
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto("/");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await press(page, "g", "n");
  await tabTo(page, page.getByRole("link", { name: /^act/ }));
  await press(page, "Enter");
  await tabTo(page, page.getByLabel("Steps"));
  await page.keyboard.type("900");
  await tabTo(page, page.getByLabel("Pause ms"));
  await page.keyboard.type("100");
  await tabTo(page, page.getByRole("button", { name: "Submit act" }));
  await press(page, "Enter");
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}/);
  const { pathname } = new URL(page.url());

  await press(page, "g", "j");
  await page.locator("tr[data-job]").first().waitFor();
  await press(page, "j", "Enter");
  await page.waitForURL(`**${pathname}`);
  await becomes(page, "running");
  await press(page, "c");
  await becomes(page, "cancelled");
  await page.getByRole("button", { name: "Retry" }).waitFor();
  await press(page, "r");
  await becomes(page, "running");
  await press(page, "c");
  await becomes(page, "cancelled");

  await press(page, "/");
  await page.keyboard.type(pathname.slice("/jobs/".length));
  await press(page, "Enter");
  await page.waitForURL(`**${pathname}`);
  await press(page, "Escape", "?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  await press(page, "Escape");
  expectNoErrors(tab);
  await tab.close();
});

it("a plan is made, read and applied with the keyboard alone", async () => {
  const made = await service.post<{ jobs: { id: string }[] }>("/api/jobs/batch", {
    jobs: Array.from({ length: 20 }, () => ({ kind: "act", input: {}, run_at: "2099-01-01T00:00:00Z" })),
  });
  const id = made.jobs[0]!.id;
  const client = new Client(redis.url);
  const copy = await waitFor(() => client.get(`result:${id}`), { what: "the copy" });
  await client.set(`result:${id}`, copy.replace('"status":"pending"', '"status":"failed"'));
  await client.quit();
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto("/");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await press(page, "g", "d");
  await tabTo(page, page.getByRole("button", { name: "Make a plan" }));
  await press(page, "Enter");
  await page.locator(`[data-repair="${id}"]`).waitFor();
  await tabTo(page, page.getByRole("button", { name: "Apply 1" }));
  await press(page, "Enter");
  await tabTo(page, page.getByRole("dialog").getByRole("button", { name: "Make 1 repair" }));
  await press(page, "Enter");
  await page.locator('[data-apply="done"]').getByText("1 repaired.").waitFor();
  expect((await service.get<{ agree: boolean | null }>(`/api/jobs/${id}/views`)).agree).toBe(true);
  expectNoErrors(tab);
  await tab.close();
});
