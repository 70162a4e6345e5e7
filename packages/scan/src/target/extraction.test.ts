import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createExtraction, validateEntryName } from "./extraction.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lockstep-extraction-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const LIMITS = { entriesMax: 10, bytesMax: 100, depthMax: 5, ratioMax: 100 };
const open = () => createExtraction(root, 1_000, LIMITS, new AbortController().signal);

async function* content(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

it("a file with a wrong declared size is refused", async () => {
  await open().writeFile("a", 4, content("ab", "cd"));
  expect(await readFile(join(root, "a"), "utf8")).toBe("abcd");
  await expect(open().writeFile("more", 3, content("ab", "cd"))).rejects.toThrow(
    '"more" holds more than the 3 bytes',
  );
  await expect(open().writeFile("less", 5, content("ab", "cd"))).rejects.toThrow(
    '"less" holds 4 bytes and declares 5',
  );
});

it("all files together stay within the limit, whatever size each declares", async () => {
  const extraction = open();
  await extraction.writeFile("a", 60, content("x".repeat(60)));
  await expect(extraction.writeFile("b", 60, content("x".repeat(60)))).rejects.toThrow(
    "unpack to over 100 bytes",
  );
});

it.each(["a", "a/b.txt", "./a", "a/", ".", "..a", "a..", "ü/日本", `${"x".repeat(255)}`])(
  "the name %j is fine",
  (name) => {
    expect(validateEntryName(name, 5)).toBeNull();
  },
);

it.each([
  "/a",
  "../a",
  "a/../../b",
  "..",
  "a/..",
  "c:/a",
  "C:a",
  "a\\b",
  "a\u0000b",
  "a\nb",
  "\ufffd",
  "a/b/c/d/e/f",
  "x".repeat(256),
  "x/".repeat(600),
])("the name %j is refused", (name) => expect(validateEntryName(name, 5)).not.toBeNull());
