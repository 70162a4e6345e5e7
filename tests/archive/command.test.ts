import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli, startUp, temporaryFolder } from "../../packages/cli/test/run-cli.js";
import { openArchive } from "../../packages/lockstep/test/archive/archived.js";
import { seedDataDir } from "../servers/embedded.js";

it("lockstep archive counts and moves jobs, and prints what it did", async () => {
  const bench = await openArchive("postgres");
  const ids = [(await bench.finished()).id, (await bench.finished()).id];
  await bench.run({ dryRun: true });
  const archive = (...args: string[]) =>
    runCli(["archive", ...args], {
      env: { DATABASE_URL: bench.url ?? "", LOCKSTEP_ARCHIVE_DIR: bench.dir, LOCKSTEP_DATA_DIR: bench.dir },
    });
  expect(await archive("--older-than", "soon")).toMatchObject({ code: 64 });
  expect((await archive()).stdout).toMatch(/^Archived 0 jobs that finished before \d{4}-.*\.\n$/);
  expect((await archive("--older-than", "1ms", "--dry-run")).stdout).toMatch(/^Would archive 2 jobs /);
  expect(await bench.files()).toEqual([]);
  const { code, stdout } = await archive("--older-than", "1ms", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: "lockstep.archive/1",
    archived: 2,
    held: 0,
    files: 1,
    completed: true,
    dry_run: false,
    readers: [],
  });
  for (const id of ids)
    expect(await bench.ledger.get(id)).toMatchObject({ archived: true, output: { ok: true } });
});

it("the next lockstep up returns what lockstep archive moved out of an embedded database", async () => {
  const folder = await temporaryFolder();
  try {
    const data = await seedDataDir(join(folder.path, "data"));
    await mkdir(join(folder.path, "code"));
    const first = await startUp(data, { cwd: folder.path });
    const { stdout: id } = await runCli(["submit", "scan", "--input", '{"path":"code"}'], { env: first.env });
    await runCli(["result", id.trim(), "--wait"], { env: first.env });
    const locked = await runCli(["archive", "--older-than", "1ms", "--data-dir", data]);
    expect([locked.code, locked.stderr]).toEqual([1, expect.stringContaining("in use by process")]);
    await first.end("SIGTERM");
    const moved = await runCli(["archive", "--older-than", "1ms", "--data-dir", data]);
    expect(moved.stdout).toMatch(
      /^Archived 1 job .*: 1 file, 0.0 MB\. Removed the files of 1 archived job\.\n$/,
    );
    const second = await startUp(data, { cwd: folder.path });
    const shown = await runCli(["jobs", "get", id.trim()], { env: second.env });
    expect(shown.stdout).toMatch(/archived .*ndjson\.gz/);
    expect(shown.stdout).toContain("claimed by worker");
    expect((await runCli(["result", id.trim()], { env: second.env })).code).toBe(0);
    await second.end("SIGTERM");
  } finally {
    await folder.remove();
  }
});
