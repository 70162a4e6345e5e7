import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "@lockstep/embedded";
import { expect, it, onTestFinished } from "vitest";

async function newFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "lockstep-embedded-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return join(dir, "database");
}

it("a new folder has the prepared files, for this user alone, and opens again with its data", async () => {
  const folder = await newFolder();
  const first = await openEngine(folder);
  await first.query("create table t as select 17 as n");
  await first.close();
  expect((await stat(folder)).mode & 0o077).toBe(0);
  expect((await stat(join(folder, "PG_VERSION"))).mode & 0o077).toBe(0);
  const again = await openEngine(folder);
  expect((await again.query("select n from t")).rows).toEqual([{ n: 17 }]);
  await again.close();
});

it("a folder that was not unpacked completely is unpacked again", async () => {
  const folder = await newFolder();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "PG_VERSION"), "half of it");
  await writeFile(`${folder}.incomplete`, "");
  const engine = await openEngine(folder);
  expect((await engine.query("select 1 as n")).rows).toEqual([{ n: 1 }]);
  await engine.close();
  expect(await readdir(join(folder, ".."))).toEqual(["database"]);
});
