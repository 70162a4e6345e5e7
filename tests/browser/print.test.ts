import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { expectNoErrors, openTab } from "./browser.js";
import { type Service, startService } from "./service.js";

/** A window of 1,280 pixels at 400 %. */
const ZOOMED = { width: 320, height: 256 };

const FRAMES = 20;

let service: Service;
let scan: string;
let batch: string;
beforeAll(async () => {
  service = await startService();
  const input = { path: "packages/scan/src/sample" };
  scan = (await service.post("/api/jobs", { kind: "scan", input })).id;
  const text = `A-long-word-without-a-place-to-break-it-${"w".repeat(150)}`;
  batch = (await service.post("/api/batches", { kind: "act", name: text, inputs: [{ fail: text }, {}] })).id;
  const later = { kind: "act", input: {}, run_at: "2099-01-01T00:00:00Z" };
  await service.post("/api/jobs/batch", { jobs: Array.from({ length: 60 }, () => later) });
  await service.get(`/api/status/${scan}?wait=60`);
});

/**
 * The width that the page needs, measured over several paints: data is read after the first one.
 */
const widest = (page: Page) =>
  page.evaluate(async (frames) => {
    let most = 0;
    for (let frame = 0; frame < frames; frame += 1) {
      await new Promise(requestAnimationFrame);
      most = Math.max(most, document.documentElement.scrollWidth);
    }
    return most;
  }, FRAMES);

it("at 400 % nothing but tables and code scrolls sideways, on every route", async () => {
  const tab = await openTab(service.url, ZOOMED);
  const { page } = tab;
  const runtime = ["result", "timeline", "attempts", "logs", "input", "output", "artifacts", "raw"];
  const routes = [
    "/",
    "/jobs",
    "/batches",
    "/submit",
    "/submit/scan",
    "/submit/docking",
    "/doctor",
    "/system",
  ];
  const jobs = runtime.map((part) => `/jobs/${scan}?tab=${part}`);
  for (const path of [...routes, `/batches/${batch}`, ...jobs]) {
    await page.goto(path);
    await page.locator("#content .panel").first().waitFor();
    expect(await widest(page), path).toBeLessThanOrEqual(ZOOMED.width);
  }
  await page.goto("/jobs");
  await page.locator("tr[data-job]").first().waitFor();
  expect(await widest(page)).toBeLessThanOrEqual(ZOOMED.width);
  const name = page.locator("tr[data-job] td:nth-child(3)").first();
  expect(await name.evaluate((cell) => cell.scrollWidth <= cell.clientWidth), "the job's name is cut").toBe(
    true,
  );
  expectNoErrors(tab);
  await tab.close();
});

/** The brightness of a colour as the browser computes it: 0 is black, 1 is white. */
const brightness = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const [red = 0, green = 0, blue = 0] = (getComputedStyle(element).color.match(/[\d.]+/g) ?? []).map(
        Number,
      );
      return (red * 0.299 + green * 0.587 + blue * 0.114) / 255;
    });

it("a printed result is dark on white whatever the theme, with its findings and without what only works on a screen", async () => {
  const tab = await openTab(service.url, { theme: "dark" });
  const { page } = tab;
  await page.goto(`/jobs/${scan}`);
  await page.getByRole("heading", { name: /findings in \d+ files/ }).waitFor();
  expect(await brightness(page, ".findings h3"), "on a dark screen").toBeGreaterThan(0.7);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  for (const selector of [".job-head h1", ".findings h3", ".snippet", ".place .dim"])
    expect(await brightness(page, selector), selector).toBeLessThan(0.45);
  for (const selector of [".side", ".top", ".job-actions", "[role=tablist]"])
    expect(await page.locator(selector).first().isVisible(), selector).toBe(false);
  expect(await page.locator(".findings").first().isVisible()).toBe(true);
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(ground).toBe("rgb(255, 255, 255)");
  expectNoErrors(tab);
  await tab.close();
});
