import { beforeAll, expect, it } from "vitest";
import { waitFor } from "../servers/wait-for.js";
import { expectNoErrors, openTab } from "./browser.js";
import { type Service, startService } from "./service.js";

let service: Service;
beforeAll(async () => {
  service = await startService();
});

it("a job's row and its page follow the job to its end without a reload", async () => {
  const id = await service.submit({ steps: 8, pause_ms: 250 }, { tags: ["watched"] });
  const [list, detail] = await Promise.all([openTab(service.url), openTab(service.url)]);
  await Promise.all([list.page.goto("/jobs?tag=watched"), detail.page.goto(`/jobs/${id}`)]);
  const row = list.page.locator(`tr[data-job="${id}"] .status`);
  const badge = detail.page.locator(".job-head .status");
  await row.waitFor();
  for (const one of [row, badge])
    await waitFor(async () => (await one.getAttribute("data-status")) === "completed", { what: "completed" });
  expect(await row.getAttribute("data-version")).toBe(await badge.getAttribute("data-version"));
  await waitFor(
    async () => (await detail.page.locator(".views .status").getAttribute("data-status")) === "completed",
    { what: "the view of the ledger" },
  );
  for (const tab of [list, detail]) {
    expectNoErrors(tab);
    await tab.close();
  }
});

it("filters are kept in the address, and newer rows wait behind a button", async () => {
  await service.submit({}, { tags: ["early"] });
  const tab = await openTab(service.url);
  await tab.page.goto("/jobs?tag=early");
  await tab.page.locator("tr[data-job]").first().waitFor();
  await tab.page.getByRole("button", { name: "completed" }).click();
  await tab.page.waitForURL(/status=completed/);
  await tab.page.locator("tr[data-job]").first().waitFor();
  await service.submit({}, { tags: ["early"] });
  await tab.page.getByRole("button", { name: "1 new" }).click();
  await waitFor(async () => (await tab.page.locator("tr[data-job]").count()) === 2, { what: "both rows" });
  await tab.page.goBack();
  await tab.page.waitForURL((url) => !url.search.includes("status"));
  expectNoErrors(tab);
  await tab.close();
});

it("shows Cancelling until the server confirms, and never shows the badge before that", async () => {
  const id = await service.submit({ steps: 100, pause_ms: 100, linger_ms: 2_000 });
  const tab = await openTab(service.url);
  await tab.page.goto(`/jobs/${id}`);
  const badge = tab.page.locator(".job-head .status");
  await waitFor(async () => (await badge.getAttribute("data-status")) === "running", { what: "running" });
  await tab.page.getByRole("button", { name: "Cancel", exact: true }).click();
  await tab.page.getByRole("button", { name: "Cancelling..." }).waitFor();
  expect(await badge.getAttribute("data-status")).toBe("running");
  await waitFor(async () => (await badge.getAttribute("data-status")) === "cancelled", { what: "cancelled" });
  await tab.page.getByRole("button", { name: "Retry" }).click();
  await waitFor(async () => Number(await badge.getAttribute("data-version")) >= 5, { what: "the new run" });
  await service.post(`/api/jobs/${id}/cancel`, {});
  expectNoErrors(tab);
  await tab.close();
});
