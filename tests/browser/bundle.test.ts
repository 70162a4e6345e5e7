import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

const FIRST_LOAD_BYTES_MAX = 250_000;

it("the first load of a browser is under 250 kB, compressed, without plots and molecules", () => {
  const document = readFileSync("packages/page/dist/index.html", "utf8");
  const files = [...document.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1]!);
  const bytes = files.map((file) => gzipSync(readFileSync(join("packages/page/dist", file))).length);
  const text = files.map((file) => readFileSync(join("packages/page/dist", file), "utf8")).join();
  expect(files.length).toBeGreaterThanOrEqual(2);
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(FIRST_LOAD_BYTES_MAX);
  expect(text).not.toContain("createViewer=");
});
