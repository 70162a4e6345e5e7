import { expect, it } from "vitest";
import { attachment, safeMediaType } from "./download.js";

it("keeps a media type only if no browser runs it", () => {
  expect(safeMediaType("application/sarif+json")).toBe("application/sarif+json");
  expect(safeMediaType("Text/Plain; charset=latin1")).toBe("text/plain; charset=utf-8");
  for (const type of [
    "text/html",
    "image/svg+xml",
    "application/xhtml+xml",
    "application/pdf",
    "text/javascript",
    "",
    "x\r\ny",
  ])
    expect(safeMediaType(type)).toBe("application/octet-stream");
});

it("names a download without letting the name break the header's syntax", () => {
  expect(attachment("report.sarif")).toBe(
    `attachment; filename="report.sarif"; filename*=UTF-8''report.sarif`,
  );
  const odd = attachment(`naïve "x"; a=b (1)'\r\n.txt`);
  expect(odd).toMatch(/^attachment; filename="[\w.() -]+"; filename\*=UTF-8''[\w.%-]+$/);
});
