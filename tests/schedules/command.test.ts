import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli, startUp, temporaryFolder } from "../../packages/cli/test/run-cli.js";
import { seedDataDir } from "../servers/embedded.js";
import { waitFor } from "../servers/wait-for.js";

it("lockstep up runs what lockstep schedules creates; the schedule is listed, paused, resumed and deleted", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder.path, "code"));
  const up = await startUp(await seedDataDir(join(folder.path, "data")), { cwd: folder.path });
  const run = (...args: string[]) => runCli(["schedules", ...args], { env: up.env });
  try {
    const input = '{"path":"code"}';
    const created = await run(
      "create",
      "often",
      "scan",
      "*/10 * * * * *",
      "--input",
      input,
      "--limit-key",
      "k",
      "--json",
    );
    expect(created.code).toBe(0);
    expect(JSON.parse(created.stdout)).toMatchObject({
      schema: "lockstep.schedule/1",
      name: "often",
      limit_key: "k",
    });
    const jobs = async () =>
      JSON.parse((await runCli(["jobs", "list", "--status", "completed", "--json"], { env: up.env })).stdout)
        .jobs;
    await waitFor(async () => (await jobs()).length > 0, { what: "a scheduled scan to complete" });
    expect((await run("pause", "often")).stdout).toBe("often is paused\n");
    expect((await run("list")).stdout).toMatch(/^NAME .*\noften .* scan .* paused /);
    expect((await run("resume", "often")).stdout).toMatch(/^often runs next at \d{4}-.*Z \(cron in UTC\)\n$/);
    const wrong = await run("create", "wrong", "scan", "61 * * * *", "--input", input);
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      expect.stringContaining("/cron is not a cron expression"),
    ]);
    expect(await run("delete", "often")).toMatchObject({ code: 64 });
    expect((await run("delete", "often", "--yes")).stdout).toBe("Deleted often.\n");
    expect(await run("pause", "often")).toMatchObject({ code: 1 });
    expect((await run("list")).stderr).toBe("No schedules.\n");
  } finally {
    await up.end("SIGTERM");
    await folder.remove();
  }
});
