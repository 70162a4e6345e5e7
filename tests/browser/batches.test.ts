import { Buffer } from "node:buffer";
import { beforeAll, expect, it } from "vitest";
import { shippedData } from "../../packages/docking/test/tools.js";
import { waitFor } from "../servers/wait-for.js";
import { expectNoErrors, openTab } from "./browser.js";
import { type Service, startService } from "./service.js";

const LIBRARY = "Oc1ccccc1 phenol\nC( broken\nCc1ccccc1 toluene\n";

let service: Service;
beforeAll(async () => {
  service = await startService();
});

const file = (name: string, text: string) => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(text, "latin1"),
});

it("a library is submitted from the docking form, and its ranked results appear without a reload", async () => {
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto("/submit/docking");
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await page.locator("#field-receptor").setInputFiles(file("protein.pdbqt", shippedData().receptor));
  await page.getByText("Library of compounds", { exact: true }).click();
  expect(await page.locator("#field-ligand").count(), "one ligand is not asked for").toBe(0);
  await page.locator("#field-library").setInputFiles(file("two.smi", LIBRARY));
  await page.getByText(/two\.smi, .* uploaded/).waitFor();
  for (const [name, values] of [
    ["center", { x: 11, y: 93, z: 63 }],
    ["size", { x: 13, y: 13, z: 13 }],
  ] as const)
    for (const [axis, value] of Object.entries(values))
      await page.locator(`#field-box-${name}-${axis}`).fill(String(value));
  await page.locator("#field-exhaustiveness").fill("1");
  await page.getByRole("button", { name: "Submit a batch of docking jobs" }).click();
  await page
    .getByRole("alert")
    .getByText(/line 2|\/library/)
    .first()
    .waitFor();
  await page.getByLabel("Skip invalid lines").check();
  await page.getByRole("button", { name: "Submit a batch of docking jobs" }).dblclick();
  await page.waitForURL(/\/batches\/[0-9a-f-]{36}/);
  await page.getByRole("heading", { name: "two.smi" }).waitFor();
  await page.getByText("1 line of the library left out, and why").click();
  await page.getByText("line 2").waitFor();
  await page.locator("[data-result]").nth(1).waitFor();
  await page.getByText("2 of 2 docking jobs have ended, 100 %").waitFor();
  const ranks = await page.locator("[data-result] td:first-child").allTextContents();
  expect(ranks).toEqual(["1", "2"]);
  const scores = (await page.locator("[data-result] td:nth-child(3)").allTextContents()).map(Number);
  expect(scores[0]).toBeLessThanOrEqual(scores[1]!);
  for (const [label, begins] of [
    ["CSV", "rank,"],
    ["SDF", ""],
  ] as const) {
    const href = await page.getByRole("link", { name: label, exact: true }).getAttribute("href");
    const answer = await fetch(service.url + href);
    expect([label, answer.status]).toEqual([label, 200]);
    expect((await answer.text()).startsWith(begins), label).toBe(true);
  }
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
  expect((await service.get<{ batches: unknown[] }>("/api/batches")).batches).toHaveLength(1);
  expectNoErrors(tab);
  await tab.close();
});

it("a batch is cancelled and retried as a whole, and its counts link to its jobs", async () => {
  const inputs = [{ fail: "it broke" }, ...Array.from({ length: 30 }, () => ({ steps: 900, pause_ms: 100 }))];
  const { id } = await service.post("/api/batches", { kind: "act", name: "thirty-one", inputs });
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto("/batches");
  await page.getByRole("link", { name: "thirty-one" }).click();
  await page.waitForURL(`**/batches/${id}`);
  const count = (status: string) => page.locator(`[data-count="${status}"] strong`).textContent();
  await waitFor(async () => (await count("failed")) === "1", { what: "the failure" });
  await page.locator("[data-result]").getByText("it broke").waitFor();
  await page.getByRole("button", { name: "Cancel 30 jobs" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel 30 jobs" }).click();
  await waitFor(async () => (await count("cancelled")) === "30", { what: "30 cancelled" });
  expect((await service.get<{ counts: { cancelled: number } }>(`/api/batches/${id}`)).counts.cancelled).toBe(
    30,
  );

  await page.getByRole("button", { name: "Retry 31 jobs" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Retry 31 jobs" }).click();
  await page.getByText("31 changed").waitFor();
  await page.getByRole("button", { name: /^Cancel \d+ jobs/ }).waitFor();

  await page.locator('[data-count="pending"]').click();
  await page.waitForURL(/batch=/);
  await page.locator("tr[data-job]").first().waitFor();
  expect(await page.locator("[data-total]").getAttribute("data-total")).not.toBe("0");
  await page.getByRole("link", { name: /^batch/ }).click();
  await page.waitForURL(`**/batches/${id}`);
  await service.post(`/api/batches/${id}/cancel`, {});
  expectNoErrors(tab);
  await tab.close();
});

it("a batch shows more of its results on request", async () => {
  const inputs = Array.from({ length: 130 }, () => ({}));
  const { id } = await service.post("/api/batches", { kind: "act", name: "many", inputs });
  const tab = await openTab(service.url);
  await tab.page.goto(`/batches/${id}`);
  await tab.page.getByText("130 of 130", { exact: false }).first().waitFor();
  await tab.page.getByText("the first 100 of 130").waitFor();
  expect(await tab.page.locator("[data-result]").count()).toBe(100);
  await tab.page.getByRole("button", { name: "Show more of 130" }).click();
  await tab.page.locator("[data-result]").nth(129).waitFor();
  expect(await tab.page.getByRole("button", { name: /^Show more/ }).count()).toBe(0);
  expectNoErrors(tab);
  await tab.close();
});

it("a user who may only read sees a batch, but no controls to change it", async () => {
  const { batches } = await service.get<{ batches: { id: string }[] }>("/api/batches");
  const { token } = await service.runtime.keys.create({ name: "reader", role: "read" });
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto(`/batches/${batches[0]!.id}`);
  await page.getByLabel("API key").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("[data-count]").first().waitFor();
  expect(await page.getByRole("button", { name: /^(Cancel|Retry)/ }).count()).toBe(0);
  expectNoErrors(tab);
  await tab.close();
});
