import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createWorkspace, sweepWorkspaces } from "./workspace.js";

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "lockstep-workspace-"));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

/** Creates a folder with the name that a workspace of another process would have. */
async function plant(pid: number, host?: string): Promise<string> {
  const own = await createWorkspace("scan", parent);
  const name = basename(own.dir)
    .replace(`-${process.pid}-`, `-${pid}-`)
    .replace(/scan-[0-9a-f]{8}/, (tag) => (host ? `scan-${host}` : tag));
  await own.remove();
  await mkdir(join(parent, name));
  await writeFile(join(parent, name, "file"), "x");
  return name;
}

it("a workspace is private, and its removal removes its content", async () => {
  const workspace = await createWorkspace("scan", parent);
  expect((await stat(workspace.dir)).mode & 0o777).toBe(0o700);
  await writeFile(join(workspace.dir, "file"), "x");
  await workspace.remove();
  await workspace.remove();
  expect(await readdir(parent)).toEqual([]);
});

it("the sweep removes the folders of dead processes and leaves all others", async () => {
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  await plant(dead);
  const kept = [
    await plant(process.ppid),
    await plant(dead, "00000000"),
    basename((await createWorkspace("scan", parent)).dir),
    "other",
  ];
  await mkdir(join(parent, "other"));
  expect(await sweepWorkspaces("scan", parent)).toBe(1);
  expect((await readdir(parent)).sort()).toEqual(kept.sort());
});

it("a folder with this process's own pid that it does not use counts as left by an earlier process", async () => {
  const name = await plant(process.pid);
  expect(await readdir(parent)).toEqual([name]);
  expect(await sweepWorkspaces("scan", parent)).toBe(1);
});
