import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "../../packages/cli/test/run-cli.js";
import { idOf, putHealthy, type System, startSystem } from "../../packages/doctor/test/system.js";
import { startRedis } from "../servers/redis.js";
import { freePort } from "../servers/server-process.js";
import { waitFor } from "../servers/wait-for.js";
import { type DoctorCommands, doctorCommands } from "./run-doctor.js";

const ENDED = "2026-01-01T10:05:00.250Z";
const STEERING = "\u001b[31mred\nid";

let system: System;
let commands: DoctorCommands;
beforeAll(async () => {
  system = await startSystem();
  commands = doctorCommands(system);
});
afterAll(() => system.close());
beforeEach(async () => {
  await system.empty();
  await putHealthy(system, 40);
  await plant();
});

async function plant(): Promise<void> {
  for (const id of [idOf(1), idOf(2), idOf(3)]) {
    await system.putHash(id, { status: "COMPLETED", result: { found: 3 }, updated_at: ENDED });
    await system.putRow(id, { status: "IN_PROGRESS", startedAt: "2026-01-01T10:00:00Z" });
    await system.db.query(`update "ScanJob" set "updatedAt" = '2026-01-01T10:00:00Z' where id = $1`, [id]);
  }
  await system.putHash(STEERING, { status: "COMPLETED" });
}

describe("lockstep doctor check", () => {
  it("exits with 0 and one line when all views agree; `lockstep doctor` alone does the same", async () => {
    await system.empty();
    await putHealthy(system, 40);
    const { code, stdout, stderr } = await commands.run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^Clean: every view says the same\.\n40 jobs compared in .*40 right.*queue against table/,
    );
  });

  it("exits with 2 and reports what, how many, how old, why, what users see, what it costs and what to do", async () => {
    const { code, stdout } = await commands.run("check");
    expect(code).toBe(2);
    expect(stdout).toMatch(/^4 jobs in drift: 3 stuck-running, 1 orphan\.\n44 jobs compared/);
    const [, stuck = ""] = stdout.split("\n\n");
    expect(stuck.split("\n").map((line) => line.slice(0, 40).trim())).toEqual([
      "stuck-running  3 jobs",
      expect.stringMatching(/^what +the job has ended/),
      expect.stringMatching(/^oldest +\d+ d .*ago/),
      expect.stringMatching(/^likely cause +The worker reported/),
      expect.stringMatching(/^evidence +00000000-0000-4000/),
      expect.stringMatching(/^users see +a job that never/),
      expect.stringMatching(/^it costs +people wait/),
      expect.stringMatching(/^next +Run lockstep doctor/),
      expect.stringMatching(/^for example +00000000/),
    ]);
    expect(stuck).toContain(`Its write to table failed and was never repeated`);
    expect(stuck).toContain(`queue last changed at ${ENDED}; table last changed at 2026-01-01T10:00:00`);
    for (const step of [`explain ${idOf(1)}`, "check --explain stuck-running", "plan"])
      expect(stdout).toContain(`\nlockstep doctor ${step} --config ${commands.configFile}`);
    expect(stdout).not.toContain("\u001b");
  });

  it("prints one document, or one line of JSON or CSV for each finding", async () => {
    const [one, lines, table] = [
      await commands.run("check", "--json"),
      await commands.run("check", "--ndjson"),
      await commands.run("check", "--csv"),
    ];
    expect([one, lines, table].map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(JSON.parse(one.stdout)).toMatchObject({
      schema: "lockstep.doctor.check/1",
      verdict: "drift",
      drifting: 4,
      compared: 44,
      patterns: [
        { pattern: "stuck-running", jobs: 3 },
        { pattern: "orphan", jobs: 1 },
      ],
    });
    const findings = lines.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(findings).toHaveLength(4);
    expect(findings).toContainEqual(
      expect.objectContaining({ schema: "lockstep.doctor.finding/1", id: STEERING, pattern: "orphan" }),
    );
    expect(lines.stderr).toContain("4 jobs in drift");
    const rows = table.stdout.trimEnd().split("\n");
    expect(rows).toHaveLength(5);
    expect(rows[0]).toBe("id,pattern,view,record,view_status,record_status,since,is_live,cause,evidence");
    expect(rows).toContainEqual(
      expect.stringContaining(
        `${idOf(1)},stuck-running,queue,table,COMPLETED,IN_PROGRESS,${ENDED},false,swallowed-write,`,
      ),
    );
    for (const { stdout } of [one, lines, table]) expect(stdout).not.toContain("\u001b");
  });

  it("explains a pattern or a job with every view side by side, and reports an unknown id or pattern", async () => {
    const [pattern, job, steering, nothing] = [
      await commands.run("check", "--explain", "stuck-running"),
      await commands.run("check", "--explain", idOf(2)),
      await commands.run("explain", STEERING),
      await commands.run("check", "--explain", "stuck-runing"),
    ];
    expect(pattern.stdout.match(/table \(record\)/g)).toHaveLength(3);
    expect(job.code).toBe(2);
    expect(job.stdout).toMatch(/^00000000-0000-4000-8000-000000000002 {2}stuck-running\n/);
    expect(job.stdout).toMatch(/^status +COMPLETED +IN_PROGRESS$/m);
    expect(job.stdout).toMatch(/^result +\{"found":3\} +-$/m);
    expect(steering).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^"\\u001b\[31mred\\nid" {2}orphan\n/),
    });
    expect(nothing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("stuck-running, skipped-states"),
    });
  });

  it("exits with 7, even with drift, and names the view that could not be read", async () => {
    const gone = await startRedis();
    await gone.remove();
    const { views } = JSON.parse(system.config());
    const broken = doctorCommands(system, { views: { ...views, queue: { ...views.queue, url: gone.url } } });
    const [text, plan, explain] = [
      await broken.run("check"),
      await broken.run("plan", "--json"),
      await broken.run("explain", idOf(1)),
    ];
    expect([text, plan, explain].map(({ code }) => code)).toEqual([7, 7, 7]);
    expect(text.stdout).toMatch(/^Unknown: not everything could be read/);
    expect(text.stdout).toContain("view queue cannot be read");
    expect(JSON.parse(plan.stderr)).toMatchObject({ code: "VIEW_UNREADABLE", exit_code: 7 });
    const secret = decodeURIComponent(new URL(gone.url).password);
    for (const { stdout, stderr } of [text, plan, explain]) expect(stdout + stderr).not.toContain(secret);
  });

  it("exits with 64 and lists all problems when the configuration is missing or invalid", async () => {
    const missing = await runCli(["doctor", "check", "--config", "/nowhere.yaml"], { cwd: system.stateDir });
    expect(missing).toMatchObject({ code: 64, stderr: expect.stringContaining("lockstep doctor init") });
    const wrong = await doctorCommands(system, { record: "nobody", quiet_period: "soon" }).run("check");
    expect(wrong.code).toBe(64);
    for (const place of ["record", "quiet_period"]) expect(wrong.stderr).toContain(place);
  });
});

describe("lockstep doctor check --watch", () => {
  it("checks until it is stopped, serves metrics, and then exits with 0", async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const child = commands.start("check", "--watch", "0.2", "--metrics", address, "--json");
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk));
    const metrics = async () => {
      const answer = await fetch(`http://${address}/metrics`).catch(() => null);
      return answer === null ? "" : await answer.text();
    };
    try {
      const first = await waitFor(
        async () => ((await metrics()).includes("} 3\n") ? await metrics() : null),
        { what: "the metrics of the first check" },
      );
      expect(first).toContain('lockstep_drift_jobs{pattern="stuck-running"} 3\n');
      expect(first).toContain('lockstep_drift_jobs{pattern="contradiction"} 0\n');
      expect(first).toContain("lockstep_drift_check_complete 1\n");
      expect(first).toMatch(/^lockstep_drift_check_timestamp_seconds 1\d{9}/m);
      expect((await fetch(`http://${address}/other`)).status).toBe(404);
      await system.db.query(
        `update "ScanJob" set status = 'COMPLETED', result = '{"found": 3}' where id = $1`,
        [idOf(3)],
      );
      await waitFor(async () => (await metrics()).includes('{pattern="stuck-running"} 2\n'), {
        what: "the metrics to show the repair",
      });
    } finally {
      child.kill("SIGINT");
    }
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
    const checks = printed
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(checks.length).toBeGreaterThan(1);
    expect(checks[0]).toMatchObject({ schema: "lockstep.doctor.check/1", drifting: 4 });
  });

  it("serves metrics only on a loopback address", async () => {
    const { code, stderr } = await commands.run("check", "--watch", "1", "--metrics", "0.0.0.0:9464");
    expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringContaining("127.0.0.1:9464") });
  });
});
