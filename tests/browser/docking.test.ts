import { Buffer } from "node:buffer";
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { crystal, shippedData } from "../../packages/docking/test/tools.js";
import { expectNoErrors, openTab } from "./browser.js";
import { type Service, startService } from "./service.js";

const data = shippedData();
let service: Service;
let result: string;
beforeAll(async () => {
  service = await startService();
});

const file = (name: string, text: string) => ({
  name,
  mimeType: "chemical/x-pdb",
  buffer: Buffer.from(text, "latin1"),
});

it("a docking is submitted from its form, centred on its ligand, and followed to its poses without a reload", async () => {
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto("/submit/docking");
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  const centre = page.getByRole("button", { name: "Centre on ligand" });
  expect(await centre.isDisabled()).toBe(true);
  await page.locator("#field-receptor").setInputFiles(file("protein.pdbqt", data.receptor));
  await page.locator("#field-ligand").setInputFiles(file("ligand.pdb", crystal(data.ligand)));
  await centre.click();
  await page.getByText("The box encloses the ligand").waitFor();
  expect(Number(await page.locator("#field-box-center-x").inputValue())).toBeGreaterThan(5);

  await page.getByText("SMILES", { exact: true }).click();
  await page.locator("#field-smiles").fill("OC(c1ccc");
  await page.getByText("This is not valid SMILES yet.").waitFor();
  await page.locator("#field-smiles").fill("CC(O)c1ccccc1C(=O)O");
  await page.getByRole("img", { name: "The structure of the ligand" }).waitFor();
  for (const axis of ["x", "y", "z"]) await page.locator(`#field-box-size-${axis}`).fill("13");
  for (const [axis, value] of [
    ["x", "11"],
    ["y", "93"],
    ["z", "63"],
  ] as const)
    await page.locator(`#field-box-center-${axis}`).fill(value);
  await page.locator("#field-exhaustiveness").fill("1");
  await page.getByRole("button", { name: "Submit docking" }).click();
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}/);
  result = new URL(page.url()).pathname;
  await page.getByRole("heading", { name: /poses, the best at -\d/ }).waitFor();
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
  expectNoErrors(tab);
  await tab.close();
});

/** The selected pose, according to the address, the viewer, the chart and the table. */
async function selected(page: Page): Promise<readonly (string | null)[]> {
  return [
    new URL(page.url()).searchParams.get("pose"),
    await page.locator("[data-viewer-pose]").getAttribute("data-viewer-pose"),
    await page.locator('.pose-bar[aria-pressed="true"] .number').first().textContent(),
    await page.locator(".pose-table [aria-current]").getAttribute("data-pose"),
  ];
}

it("viewer, chart, table and address always show the same pose", async () => {
  const tab = await openTab(service.url);
  const { page } = tab;
  await page.goto(`${result}?pose=2`);
  await page.locator("[data-viewer-pose]").waitFor();
  expect(await selected(page)).toEqual(["2", "2", "2", "2"]);
  await page.getByRole("button", { name: /^Pose 3,/ }).click();
  expect(await selected(page)).toEqual(["3", "3", "3", "3"]);
  await page.getByRole("button", { name: "Pose 1", exact: true }).click();
  expect(await selected(page)).toEqual(["1", "1", "1", "1"]);
  for (const key of ["]", "]", "]", "["]) await page.keyboard.press(key);
  await expect.poll(() => selected(page)).toEqual(["3", "3", "3", "3"]);
  await page.reload();
  await page.locator("[data-viewer-pose]").waitFor();
  expect(await selected(page)).toEqual(["3", "3", "3", "3"]);
  const near = Number(await page.locator("[data-near-residues]").getAttribute("data-near-residues"));
  expect(near, "residues drawn atom by atom").toBeGreaterThan(3);
  const shades = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".viewer canvas");
    const flat = document.createElement("canvas");
    Object.assign(flat, { width: 60, height: 60 });
    const context = flat.getContext("2d");
    if (canvas) context?.drawImage(canvas, 0, 0, 60, 60);
    return new Set(new Uint32Array(context?.getImageData(0, 0, 60, 60).data.buffer ?? new ArrayBuffer(0)))
      .size;
  });
  expect(shades, "colours drawn").toBeGreaterThan(20);
  const [picture] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "PNG" }).click(),
  ]);
  expect(picture.suggestedFilename()).toBe("pose-3.png");
  for (const label of ["PDBQT", "SDF", "CSV", "Log"]) {
    const href = await page.getByRole("link", { name: label, exact: true }).getAttribute("href");
    expect((await fetch(service.url + href)).status, label).toBe(200);
  }
  await page.getByRole("button", { name: "Full screen" }).click();
  await page.waitForFunction(() => document.fullscreenElement !== null);
  expectNoErrors(tab);
  await tab.close();
});

it("the picture of a pose has a white background, whatever the theme", async () => {
  const tab = await openTab(service.url, { theme: "dark" });
  const { page } = tab;
  await page.goto(`${result}?pose=1`);
  await page.locator("[data-near-residues]").waitFor();
  /** The most frequent colour in the picture. */
  const ground = () =>
    page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".viewer canvas");
      const flat = document.createElement("canvas").getContext("2d");
      if (canvas) flat?.drawImage(canvas, 0, 0);
      const counts = new Map<string, number>();
      const { data } = flat?.getImageData(0, 0, 300, 150) ?? { data: [] };
      for (let at = 0; at < data.length; at += 4) {
        const colour = [data[at], data[at + 1], data[at + 2]].join(" ");
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
      return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0];
    });
  await expect.poll(ground).toBe("22 26 33");
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect.poll(ground).toBe("255 255 255");
  await page.emulateMedia({ media: "screen", colorScheme: "dark" });
  await expect.poll(ground).toBe("22 26 33");
  expectNoErrors(tab);
  await tab.close();
});

it("without WebGL the table and the chart still show the same pose, and the page says what is missing", async () => {
  const tab = await openTab(service.url, { webgl: false });
  const { page } = tab;
  await page.goto(`${result}?pose=2`);
  await page.locator('[data-viewer="none"]').getByText("has no WebGL").waitFor();
  await page.keyboard.press("]");
  expect(await page.locator('.pose-bar[aria-pressed="true"] .number').first().textContent()).toBe("3");
  expect(await page.locator(".pose-table [aria-current]").getAttribute("data-pose")).toBe("3");
  expectNoErrors(tab);
  await tab.close();
});
