import { execFileSync } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readContent, toContent } from "./content.js";

it("text is read in UTF-8 and in both byte orders of UTF-16", () => {
  expect(toContent(Buffer.from("ü\n"), "a.txt")).toEqual({ text: "ü\n" });
  const little = Buffer.from("\ufeffkey", "utf16le");
  expect(toContent(little, "a.txt")).toEqual({ text: "key" });
  expect(toContent(Buffer.from(little).swap16(), "a.txt")).toEqual({ text: "key" });
});

it("bytes with a NUL are not text", () => {
  expect(toContent(Buffer.from([0x7f, 0x45, 0, 1]), "a.js")).toEqual({ skip: "binary" });
});

it("minified code is skipped; a long line of data or comment does not count as minified", () => {
  const long = `var a=${"1+".repeat(3_000)}1;`;
  expect(toContent(Buffer.from(long), "a.js")).toEqual({ skip: "minified" });
  expect(toContent(Buffer.from(`${"var a=1;".repeat(100)}\n`.repeat(4)), "a.css")).toEqual({
    skip: "minified",
  });
  expect(toContent(Buffer.from(long), "a.json")).toEqual({ text: long });
  expect(toContent(Buffer.from(`// ${long}\nf();\n`), "a.js")).toEqual({ text: `// ${long}\nf();\n` });
});

it("a link or a pipe that replaced a listed file is neither followed nor waited for", async () => {
  const dir = await mkdtemp(join(tmpdir(), "lockstep-content-"));
  await writeFile(join(dir, "file"), "text");
  await symlink(join(dir, "file"), join(dir, "link"));
  execFileSync("mkfifo", [join(dir, "pipe")]);
  expect(await readContent(join(dir, "file"), 100)).toEqual({ text: "text" });
  expect(await readContent(join(dir, "link"), 100)).toEqual({ skip: "unreadable" });
  expect(await readContent(join(dir, "pipe"), 100)).toEqual({ skip: "special" });
  expect(await readContent(dir, 100)).toEqual({ skip: "special" });
  expect(await readContent(join(dir, "file"), 3)).toEqual({ skip: "too_large" });
  expect(await readContent(join(dir, "absent"), 100)).toEqual({ skip: "unreadable" });
  await rm(dir, { recursive: true });
});
