import { Redis as Client } from "ioredis";
import { beforeAll, expect, it } from "vitest";
import { type Redis, startRedis } from "../servers/redis.js";
import { waitFor } from "../servers/wait-for.js";
import { expectNoErrors, openTab } from "./browser.js";
import { type Service, startService } from "./service.js";

let redis: Redis;
let service: Service;
beforeAll(async () => {
  redis = await startRedis();
  service = await startService({ redisUrl: redis.url });
  return () => redis.remove();
});

const FAR = "2099-01-01T00:00:00Z";

/**
 * Submits jobs that wait, and sets some of their copies in Redis to running by hand. @returns the
 * ids of those
 */
async function plantDrift(jobs: number, wrong: number): Promise<readonly string[]> {
  const made = await service.post<{ jobs: { id: string }[] }>("/api/jobs/batch", {
    jobs: Array.from({ length: jobs }, () => ({ kind: "act", input: {}, run_at: FAR, tags: ["drift"] })),
  });
  const ids = made.jobs.map(({ id }) => id);
  const client = new Client(redis.url);
  await waitFor(async () => (await client.exists(...ids.map((id) => `result:${id}`))) === jobs, {
    what: "every copy",
  });
  for (const id of ids.slice(0, wrong)) {
    const copy = (await client.get(`result:${id}`)) ?? "";
    await client.set(`result:${id}`, copy.replace('"status":"pending"', '"status":"running"'));
  }
  await client.quit();
  return ids.slice(0, wrong);
}

it("drift planted by hand shows in the views and the matrix, is planned, applied and undone", async () => {
  const [wrong = ""] = await plantDrift(40, 3);
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto(`/jobs/${wrong}`);
  await page.locator('.views[data-agree="false"]').waitFor();

  await page.goto("/doctor");
  await page.getByText("No check yet").waitFor();
  await page.getByRole("button", { name: "Check now" }).click();
  await page.getByRole("heading", { name: "3 jobs in drift" }).waitFor();
  await page.locator('[data-cell="stale-surface refresh"] a').click();
  await page.waitForURL(/pattern=stale-surface/);
  const row = page.locator(`[data-finding="${wrong}"]`);
  expect(await row.textContent()).toContain("running");
  expect(await page.locator("[data-finding]").count()).toBe(3);

  await page.getByRole("button", { name: "Make a plan" }).click();
  const repair = page.locator(`[data-repair="${wrong}"]`);
  expect(await repair.locator("del").textContent()).toContain("redis.status: running");
  expect(await repair.locator("ins").textContent()).toContain("pending");
  const copy = async () => (await service.get<{ agree: boolean | null }>(`/api/jobs/${wrong}/views`)).agree;
  expect(await copy(), "a plan writes nothing").toBe(false);

  await page.getByRole("button", { name: "Apply 3" }).click();
  await page.getByRole("button", { name: "Make 3 repairs" }).click();
  await page.locator('[data-apply="done"]').getByText("3 repaired.").waitFor();
  expect(await copy(), "the wrong copy is rewritten").toBe(true);
  await page.getByRole("heading", { name: "No drift in 40 jobs" }).waitFor();

  await page.getByRole("button", { name: "Undo..." }).click();
  await page.locator('[data-undo="look"]').getByText("3 jobs can be put back as they were").waitFor();
  expect(await copy(), "a look writes nothing").toBe(true);
  await page.getByRole("button", { name: "Put 3 back" }).click();
  await page.locator('[data-undo="done"]').getByText("3 jobs put back").waitFor();
  expect(await copy(), "what lied is back").toBe(false);
  await page.getByRole("button", { name: "Close", exact: true }).last().click();
  await page.getByRole("heading", { name: "3 jobs in drift" }).waitFor();

  await page.goto("/");
  await page.getByText("3 in drift").waitFor();
  expectNoErrors(tab);
  await tab.close();
});

it("an apply shows its progress, stops on request, and can be continued", async () => {
  await plantDrift(320, 67); // The three that were put back are in drift too.
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto("/doctor");
  await page.getByRole("button", { name: "Make a plan" }).click();
  await page.getByRole("button", { name: "Apply 70" }).click();
  await page.getByLabel("At most").selectOption("10");
  await page.getByRole("button", { name: "Make 70 repairs" }).click();
  await page.getByText(/^[1-6]0 repaired/).waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await page
    .locator('[data-apply="stopped"]')
    .getByText(/^[1-6]0 repaired\. Stopped\.$/)
    .waitFor();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: /^Make [1-6]0 repairs$/ }).click();
  await page.locator('[data-apply="done"]').getByText("70 repaired.").waitFor();
  expectNoErrors(tab);
  await tab.close();
});

it("a user who may only read sees what was found, but no controls to change it", async () => {
  const { token } = await service.runtime.keys.create({ name: "reader", role: "read" });
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto("/doctor");
  await page.getByLabel("API key").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: /drift/ }).first().waitFor();
  for (const name of ["Check now", "Make a plan", "Undo..."])
    expect(await page.getByRole("button", { name }).count(), name).toBe(0);
  const refused = await page.evaluate(
    async () => (await fetch("/api/doctor/checks", { method: "POST" })).status,
  );
  expect(refused).toBe(403);
  expectNoErrors(tab);
  await tab.close();
});
