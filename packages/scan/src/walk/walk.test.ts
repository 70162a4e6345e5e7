import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type WalkOptions, walk } from "./walk.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lockstep-walk-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function plant(files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

async function run(options: Partial<WalkOptions> = {}) {
  const defaults = {
    root,
    respectGitignore: true,
    include: [],
    exclude: [],
    filesMax: 100,
    entriesMax: 1_000,
    depthMax: 10,
    fileBytesMax: 100,
  };
  const { files, skipped } = await walk({ ...defaults, ...options });
  return {
    files,
    skipped: Object.fromEntries(skipped.map(({ reason, examples }) => [reason, examples])),
    counts: Object.fromEntries(skipped.map(({ reason, count }) => [reason, count])),
  };
}

it("lists files in the order of their names and leaves out dependencies", async () => {
  await plant({
    "b.ts": "",
    "a/z.ts": "",
    "a/b.ts": "",
    "node_modules/x/index.js": "",
    ".git/config": "",
    ".env": "",
  });
  const { files, skipped } = await run();
  expect(files).toEqual([".env", "b.ts", "a/b.ts", "a/z.ts"]);
  expect(skipped).toEqual({ dependency_folder: [".git/", "node_modules/"] });
});

it("never follows a symbolic link", async () => {
  await plant({ "real/a.ts": "" });
  await symlink("/etc", join(root, "etc"));
  await symlink("/etc/passwd", join(root, "passwd"));
  await symlink(join(root, "real"), join(root, "alias"));
  const { files, skipped } = await run();
  expect(files).toEqual(["real/a.ts"]);
  expect(skipped).toEqual({ symlink: ["alias", "etc", "passwd"] });
});

it("respects .gitignore files, nested ones first, as git does", async () => {
  await plant({
    ".gitignore": "*.log\ndist/\nsecret/\n",
    "a.log": "",
    "dist/x.js": "",
    "src/.gitignore": "!keep.log\n*.tmp\n",
    "src/keep.log": "",
    "src/other.log": "",
    "src/a.tmp": "",
    "a.tmp": "",
    "secret/.gitignore": "!*",
    "secret/x": "",
    "out/.gitignore": "!dist/\n",
    "out/dist/x.js": "",
  });
  const { files, skipped } = await run();
  expect(files).toEqual([
    ".gitignore",
    "a.tmp",
    "out/.gitignore",
    "out/dist/x.js",
    "src/.gitignore",
    "src/keep.log",
  ]);
  expect(skipped).toEqual({ ignored: ["a.log", "dist/", "secret/", "src/a.tmp", "src/other.log"] });
  expect((await run({ respectGitignore: false })).files).toContain("secret/x");
});

it("reports each limit that it reached, with exact counts", async () => {
  await plant({
    "a.ts": "",
    "b.ts": "",
    "c.ts": "",
    "big.ts": "x".repeat(101),
    "lib.min.js": "",
    "1/2/3/deep.ts": "",
  });
  const { files, skipped } = await run({ filesMax: 2, depthMax: 2 });
  expect(files).toEqual(["a.ts", "b.ts"]);
  expect(skipped).toEqual({
    too_large: ["big.ts"],
    over_count: ["c.ts"],
    minified: ["lib.min.js"],
    too_deep: ["1/2/3/"],
  });
});

it("counts exactly and shows twenty examples", async () => {
  await plant(Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`${n}.map`, ""])));
  const { skipped, counts } = await run();
  expect(counts.minified).toBe(30);
  expect(skipped.minified).toHaveLength(20);
});

it("keeps to include and exclude patterns", async () => {
  await plant({ "a.ts": "", "a.test.ts": "", "b.js": "", "docs/c.ts": "" });
  const { files } = await run({ include: ["*.ts"], exclude: ["*.test.ts", "docs/"] });
  expect(files).toEqual(["a.ts"]);
});

it("gives up on a tree with too many entries", async () => {
  await plant({ "a.ts": "", "b.ts": "", "c.ts": "" });
  await expect(run({ entriesMax: 2 })).rejects.toThrow("more than 2 files and folders");
});

it("counts names that it cannot open, and refuses an absent root", async () => {
  await writeFile(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9])]), "x");
  await mkdir(Buffer.concat([Buffer.from(`${root}/f`), Buffer.from([0xfc])]));
  expect((await run()).counts).toEqual({ bad_name: 2 });
  await expect(run({ root: join(root, "absent") })).rejects.toThrow("ENOENT");
});
