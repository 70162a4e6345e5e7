import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { sniffMediaType } from "./media-type.js";

function tarHead(): Buffer {
  const block = Buffer.alloc(512);
  block.write("file.txt", 0);
  block.write("ustar", 257);
  return block;
}

it.each([
  ["a zip", Buffer.from("PK\u0003\u0004...."), "application/zip"],
  ["an empty zip", Buffer.from("PK\u0005\u0006...."), "application/zip"],
  ["a gzip", gzipSync("x"), "application/gzip"],
  ["a tar", tarHead(), "application/x-tar"],
  ["a PDF", Buffer.from("%PDF-1.7\n"), "application/pdf"],
  ["a PNG", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]), "image/png"],
  ["JSON", Buffer.from(' {"a": [1]}\n'), "application/json"],
  ["text", Buffer.from("ATOM 1 ü\r\n"), "text/plain; charset=utf-8"],
  ["text that only opens like JSON", Buffer.from("{ not json"), "text/plain; charset=utf-8"],
  ["nothing", Buffer.alloc(0), "text/plain; charset=utf-8"],
  ["text that is not UTF-8", Buffer.from([0x66, 0xfc, 0x72]), "application/octet-stream"],
  ["bytes", Buffer.from([0, 1, 2]), "application/octet-stream"],
])("%s is recognised by its content", (_what, content, mediaType) => {
  expect(sniffMediaType(content, content.length)).toBe(mediaType);
});

it("text stays text when the end of the head cuts a character in two", () => {
  const head = Buffer.from("aü").subarray(0, 2);
  expect(sniffMediaType(head, 1_000)).toBe("text/plain; charset=utf-8");
});

it("JSON longer than the head is recognised by its beginning", () => {
  expect(sniffMediaType(Buffer.from('[{"a": 1}, {"b'), 1_000_000)).toBe("application/json");
  expect(sniffMediaType(Buffer.from("[section] and so on"), 1_000_000)).toBe("text/plain; charset=utf-8");
});
