import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { folderInRoots } from "./roots.js";

let base: string;
let root: string;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "lockstep-roots-")));
  root = join(base, "root");
  await mkdir(join(root, "project", "src"), { recursive: true });
  await mkdir(join(base, "outside"));
  await mkdir(join(base, "root-2"));
  await writeFile(join(root, "file.txt"), "x");
  await symlink(join(base, "outside"), join(root, "link-out"));
  await symlink(join(root, "project"), join(root, "link-in"));
  await symlink(root, join(base, "link-to-root"));
});

afterAll(() => rm(base, { recursive: true, force: true }));

const inRoot = (path: string) => folderInRoots(path, [root]);

it("a folder inside a root is found, also by a relative path or through a link that stays inside", () => {
  expect(inRoot(root)).toEqual({ ok: true, value: root });
  expect(inRoot(".")).toEqual({ ok: true, value: root });
  expect(inRoot("project/src")).toEqual({ ok: true, value: join(root, "project", "src") });
  expect(inRoot("project/../project")).toEqual({ ok: true, value: join(root, "project") });
  expect(inRoot("link-in/src")).toEqual({ ok: true, value: join(root, "project", "src") });
});

it("a root that is itself a link works by either name", () => {
  const roots = [join(base, "link-to-root")];
  expect(folderInRoots(join(base, "link-to-root", "project"), roots)).toEqual({
    ok: true,
    value: join(root, "project"),
  });
  expect(folderInRoots(join(root, "project"), roots)).toEqual({ ok: true, value: join(root, "project") });
});

it.each(["..", "../outside", "/", "/etc", "project/../../outside", "../root-2", "link-out"])(
  "%s is outside, and the answer does not reveal whether it exists",
  (path) => expect(inRoot(path)).toMatchObject({ ok: false, issue: expect.stringContaining("outside") }),
);

it("an absent path outside the roots gets the same answer as an existing one", () => {
  expect(inRoot(join(base, "outside"))).toEqual(inRoot(join(base, "absent")));
});

it("an absent path, a file and a path with control characters are refused", () => {
  expect(inRoot("absent")).toEqual({ ok: false, issue: "does not exist" });
  expect(inRoot("file.txt")).toEqual({ ok: false, issue: "is not a folder" });
  expect(inRoot("a\nb").ok).toBe(false);
  expect(inRoot("a\u0000b").ok).toBe(false);
});

it("without a root nothing may be scanned", () => {
  expect(folderInRoots(root, []).ok).toBe(false);
});
