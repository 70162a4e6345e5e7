import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Doctor, parseDoctorConfig } from "@lockstep/doctor";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { idOf, KEY, putHealthy, type System, startSystem } from "../../packages/doctor/test/system.js";
import { waitFor } from "../servers/wait-for.js";
import { type DoctorCommands, doctorCommands } from "./run-doctor.js";

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
});

async function plantStuck(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await system.putHash(idOf(index), {
      status: "COMPLETED",
      result: { n: index },
      updated_at: "2026-01-01T10:05:00Z",
    });
    await system.putRow(idOf(index), { status: "IN_PROGRESS" });
  }
}

async function everything(): Promise<unknown> {
  const { rows } = await system.db.query(`select t::text from "ScanJob" t order by id`);
  return { rows, hash: await system.redis.hgetall(KEY) };
}

async function completed(): Promise<number> {
  const { rows } = await system.db.query(
    `select count(*)::int as n from "ScanJob" where status = 'COMPLETED' and id < $1`,
    [idOf(1_000)],
  );
  return rows[0].n;
}

async function newPlan(): Promise<string> {
  const config = parseDoctorConfig(system.config(), {});
  const doctor = new Doctor({ config, stateDir: join(system.stateDir, "doctor") });
  const { plan } = await doctor.plan({ prefer: {}, acceptMapping: true });
  await doctor.close();
  if (plan === null) throw new Error("nothing was planned");
  return plan;
}

const planFile = (plan: string) => join(system.stateDir, "doctor", "plans", `${plan}.ndjson`);

describe("plan, apply and undo on the command line", () => {
  it("plan shows, apply writes and undo restores the stores exactly", async () => {
    await plantStuck(3);
    await system.putHash(idOf(90), { status: "COMPLETED" });
    await system.putRow(idOf(90), { status: "FAILED", error: "x" });
    const before = await everything();
    const planned = await commands.run("plan");
    expect(planned.code).toBe(2);
    expect(planned.stdout).toContain("3 repairs planned; nothing has been written.");
    expect(planned.stdout).toMatch(
      /stuck-running +3 to repair, 0 left to you\n +contradiction +0 to repair, 1 left/,
    );
    expect(planned.stdout).toContain(
      "+ finished_at: 2026-01-01T10:05:00.000Z  (queue, its last change (updated_at))",
    );
    const plan = /lockstep doctor apply ([0-9a-f-]{36}) --config/.exec(planned.stdout)?.[1] ?? "";

    const dry = await commands.run("apply", plan);
    expect(dry).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Nothing was written: this only shows 3 repairs"),
    });
    expect(dry.stdout.match(/stuck-running: set in table/g)).toHaveLength(3);
    expect(await everything()).toEqual(before);

    const applied = await commands.run("apply", plan, "--yes");
    expect(applied.code).toBe(0);
    expect(applied.stdout).toMatch(/^3 repairs made; 0 left alone .*; 0 refused by the store\./);
    const run = /lockstep doctor undo ([0-9a-f-]{36}) --config/.exec(applied.stdout)?.[1] ?? "";
    const checked = await commands.run("check", "--json");
    expect(JSON.parse(checked.stdout).patterns).toMatchObject([{ pattern: "contradiction" }]);

    const looked = await commands.run("undo", run);
    expect(looked).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("3 jobs would be put back; 0 not."),
    });
    const undone = await commands.run("undo", run, "--yes", "--json");
    expect(undone.code).toBe(0);
    expect(JSON.parse(undone.stdout)).toMatchObject({
      schema: "lockstep.doctor.undo/1",
      undone: 3,
      left: [],
    });
    expect(await everything()).toEqual(before);
    const twice = await commands.run("undo", run, "--yes");
    expect(twice).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Nothing is left to put back"),
    });
    const history = await commands.run("history");
    expect(history.stdout).toMatch(
      /^RUN +WHAT +WHEN +END +WRITTEN +LEFT ALONE +OF\n.* undo .* 3 .*\n.* apply .* 3 /,
    );
  });

  it("plan exits with 2 when the mapping looks wrong, and --prefer decides a contradiction", async () => {
    await plantStuck(30);
    const braked = await commands.run("plan");
    expect(braked.code).toBe(2);
    expect(braked.stderr).toContain("30 of 70 jobs differ, over 30 %");
    expect(braked.stderr).toContain("--accept-mapping");
    await system.empty();
    await putHealthy(system, 40);
    await system.putHash(idOf(1), { status: "COMPLETED", result: { n: 1 } });
    await system.putRow(idOf(1), { status: "FAILED", error: "x" });
    const out = join(system.stateDir, "mine.plan");
    const preferred = await commands.run("plan", "--prefer", "contradiction=queue", "--out", out, "--json");
    expect(preferred.stderr).toContain("risk: contradiction: the record is overwritten");
    expect(JSON.parse(preferred.stdout)).toMatchObject({ repairs: 1, path: out });
    const again = await commands.run("plan", "--out", out);
    expect(again).toMatchObject({ code: 64, stderr: expect.stringContaining("choose another --out") });
    const applied = await commands.run("apply", out, "--yes", "--json");
    expect(JSON.parse(applied.stdout)).toMatchObject({
      schema: "lockstep.doctor.run/1",
      written: 1,
      reason: "done",
    });
    expect(await system.row(idOf(1))).toMatchObject({ status: "COMPLETED", result: { n: 1 } });
  });
});

describe("a plan on the command line", () => {
  it("that was used, edited, expired or made with another configuration exits with 6, says why and writes nothing", async () => {
    await plantStuck(2);
    const [used, edited, old] = [await newPlan(), await newPlan(), await newPlan()];
    writeFileSync(planFile(edited), readFileSync(planFile(edited), "utf8").replace("COMPLETED", "FAILED"));
    writeFileSync(planFile(old), expired(readFileSync(planFile(old), "utf8")));
    const before = await everything();
    const answers = [
      await commands.run("apply", edited, "--yes"),
      await commands.run("apply", old),
      await doctorCommands(system, { compare_results: false }).run("apply", used, "--yes"),
    ];
    expect(await everything()).toEqual(before);
    expect((await commands.run("apply", used, "--yes")).code).toBe(0);
    answers.push(await commands.run("apply", used, "--yes"));
    expect(answers.map(({ code }) => code)).toEqual([6, 6, 6, 6]);
    const reasons = [
      "changed after it was written",
      "expired at 2026",
      "another configuration",
      "applied already, in run",
    ];
    for (const [index, reason] of reasons.entries()) expect(answers[index]?.stderr).toContain(reason);
    for (const { stderr } of answers)
      expect(stderr).toContain("create a new plan with: lockstep doctor plan");
  });

  it("is applied in part with --max-repairs, --only and --ids, and exits with 3 when a job was left alone", async () => {
    await plantStuck(4);
    const limited = await commands.run("apply", await newPlan(), "--yes", "--max-repairs", "2");
    expect(limited).toMatchObject({ code: 3, stdout: expect.stringContaining("--max-repairs was reached") });
    expect(await completed()).toBe(2);
    const plan = await newPlan();
    const wrong = await commands.run("apply", plan, "--only", "stuck");
    expect(wrong).toMatchObject({
      code: 64,
      stderr: expect.stringContaining("the patterns are contradiction"),
    });
    const none = await commands.run("apply", plan, "--ids", idOf(77));
    expect(none).toMatchObject({ code: 64, stderr: expect.stringContaining("no repair of that job") });
    const { rows } = await system.db.query(`select id from "ScanJob" where status = 'IN_PROGRESS'`);
    for (const yes of [[], ["--yes"]]) {
      const nothing = await commands.run("apply", plan, "--only", "orphan", ...yes);
      expect(nothing).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("The plan can still be used"),
      });
    }
    const one = await commands.run("apply", plan, "--json", "--ids", rows[0].id);
    expect(JSON.parse(one.stdout)).toMatchObject({
      dry_run: true,
      repairs: 1,
      examples: [{ id: rows[0].id }],
    });
    await system.db.query(`update "ScanJob" set "updatedAt" = now() where id = $1`, [rows[0].id]);
    const changed = await commands.run("apply", plan, "--yes", "--only", "stuck-running");
    expect(changed).toMatchObject({
      code: 3,
      stdout: expect.stringContaining("1 repair made; 1 left alone"),
    });
  });

  it("lists the jobs whose repair a store refused, with the reason", async () => {
    await plantStuck(2);
    await system.db.query(
      `alter table "ScanJob" add constraint one check (status <> 'COMPLETED' or id <> '${idOf(1)}')`,
    );
    const [text, json] = [
      await commands.run("apply", await newPlan(), "--yes"),
      await commands.run("apply", await newPlan(), "--yes", "--json"),
    ];
    await system.db.query(`alter table "ScanJob" drop constraint one`);
    expect(text).toMatchObject({ code: 3, stdout: expect.stringMatching(/^1 repair made; .* 1 refused/) });
    expect(text.stdout).toContain(`  ${idOf(1)} was refused: the table does not take it (SQLSTATE 23514)`);
    expect(JSON.parse(json.stdout).refusals).toEqual([
      { id: idOf(1), why: "the table does not take it (SQLSTATE 23514)" },
    ]);
  });

  it("is applied no faster than --rate, stops on SIGINT with exit code 3, and resumes when applied again", async () => {
    await plantStuck(60);
    const before = await everything();
    const plan = await newPlan();
    const began = performance.now();
    const child = commands.start("apply", plan, "--yes", "--rate", "4", "--json");
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk));
    await waitFor(async () => (await completed()) > 0, { what: "the first repairs" });
    const soFar = await completed();
    expect(soFar).toBeLessThanOrEqual(4 * (1 + (performance.now() - began) / 1_000));
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(3);
    const { written, reason, run } = JSON.parse(printed);
    expect({ written, reason }).toEqual({ written: await completed(), reason: "stopped" });
    expect(written).toBeLessThan(60);
    const resumed = await commands.run("apply", plan, "--yes");
    expect(resumed.stderr).toContain(`This resumes run ${run}`);
    expect(resumed).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("60 repairs made, including those"),
    });
    expect((await commands.run("undo", run, "--yes")).code).toBe(0);
    expect(await everything()).toEqual(before);
  });
});

it("a plan without repairs does not claim that nothing needs repair when a value could not be read", async () => {
  expect((await commands.run("plan")).stdout).toBe("Nothing to repair.\n");
  await system.putRow(idOf(1), { status: "COMPLETED" });
  await system.redis.hset(KEY, idOf(1), "{not JSON");
  const { stdout } = await commands.run("plan");
  expect(stdout).toContain("Nothing to repair in what could be judged.");
  expect(stdout).toContain("there may be more: lockstep doctor check --config");
});

describe("an undo on the command line", () => {
  it("stops on SIGINT with exit code 3, says how to continue, and continues with the rest", async () => {
    await plantStuck(600);
    const before = await everything();
    const plan = await newPlan();
    const applied = await commands.run("apply", plan, "--yes", "--max-repairs", "600", "--json");
    const { run, written } = JSON.parse(applied.stdout);
    expect(written).toBe(600);
    // Somebody holds a row that comes among the first, and lets go once the signal is sent.
    const holder = await system.db.connect();
    await holder.query("begin");
    await holder.query('select from "ScanJob" where id = $1 for update', [idOf(480)]);
    const child = commands.start("undo", run, "--yes");
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk));
    await waitFor(async () => (await completed()) < 600, { what: "the first job to be put back" });
    child.kill("SIGINT");
    await holder.query("rollback");
    holder.release();
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(3);
    expect(said).toContain(`Continue with: lockstep doctor undo ${run} --yes --config`);
    expect(await completed()).toBeGreaterThan(0);
    expect((await commands.run("undo", run, "--yes")).code).toBe(0);
    expect(await everything()).toEqual(before);
  });
});

/** The same plan with an expiry time in the past and a correct hash. */
function expired(text: string): string {
  const lines = text.trimEnd().split("\n");
  const header = JSON.parse(lines[0] ?? "");
  header.header.expires_at = "2026-01-01T00:00:00.000Z";
  const body = [JSON.stringify(header), ...lines.slice(1, -1)].map((line) => `${line}\n`).join("");
  const { footer } = JSON.parse(lines.at(-1) ?? "");
  footer.sha256 = createHash("sha256").update(body).digest("hex");
  return `${body}${JSON.stringify({ footer })}\n`;
}
