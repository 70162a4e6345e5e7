import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli, spawnCli, startUp, temporaryFolder, type Up } from "./run-cli.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let up: Up;

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, "code"));
  await writeFile(join(folder.path, "code", "app.js"), "export const run = (text) => eval(text);\n");
  up = await startUp(join(folder.path, "data"), { cwd: folder.path });
});

afterAll(async () => {
  await up?.end("SIGKILL");
  await folder.remove();
});

const run = (...args: string[]) => runCli(args, { cwd: folder.path, env: up.env });
const json = async (...args: string[]) => JSON.parse((await run(...args, "--json")).stdout);

describe("a scan", () => {
  it("--wait prints the findings on stdout and exits with 0", async () => {
    const { code, stdout, stderr } = await run("scan", "code", "--wait");
    expect(stderr).toContain("● completed  v3");
    expect(stdout).toMatch(/SEVERITY +FINDING +PLACE/);
    expect(stdout).toContain("app.js:1");
    expect(code).toBe(0);
  });

  it("--json prints one document, the job, with the absolute path; --sarif writes the report", async () => {
    const file = join(folder.path, "report.sarif");
    const { stdout, code } = await run("scan", "code", "--sarif", file, "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "lockstep.job/1",
      input: { path: join(folder.path, "code") },
      kind: "scan",
      status: "completed",
      version: 3,
      source: "ledger",
    });
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ version: "2.1.0" });
    expect(code).toBe(0);
  });

  it("of a folder outside the roots is refused, with the pointer, and nothing is recorded", async () => {
    const before = (await json("jobs", "list")).jobs.length;
    const { code, stdout, stderr } = await run("scan", "/");
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("/input/path");
    expect((await json("jobs", "list")).jobs).toHaveLength(before);
  });

  it("of an archive uploads it", async () => {
    const { execFileSync } = await import("node:child_process");
    execFileSync("tar", ["-czf", "code.tar.gz", "code"], { cwd: folder.path });
    const { code, stdout } = await run("scan", "code.tar.gz", "--wait");
    expect(stdout).toContain("app.js:1");
    expect(code).toBe(0);
  });
});

describe("submit", () => {
  const input = () => JSON.stringify({ path: join(folder.path, "code") });

  it("prints only the id, and result and jobs get read the job by it", async () => {
    const { stdout } = await run("submit", "scan", "--input", input(), "--tag", "nightly");
    const id = stdout.trim();
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await json("result", id, "--wait")).toMatchObject({
      schema: "lockstep.result/1",
      job_id: id,
      status: "completed",
      version: 3,
    });
    expect((await run("jobs", "get", id)).stdout).toMatch(
      /history\n.*pending.*v1.*\n.*running.*v2.*\n.*completed.*v3/,
    );
    expect(
      (await json("jobs", "list", "--tag", "nightly")).jobs.map((job: { id: string }) => job.id),
    ).toEqual([id]);
    expect(await json("jobs", "explain", id)).toMatchObject({
      schema: "lockstep.explanation/1",
      status: "completed",
    });
  });

  it("reads its input from stdin", async () => {
    const args = ["submit", "scan", "--input", "-", "--wait", "--json"];
    const { stdout } = await runCli(args, { cwd: folder.path, env: up.env, input: input() });
    expect(JSON.parse(stdout)).toMatchObject({ status: "completed" });
  });

  it("of an unknown kind fails and says why", async () => {
    const { code, stderr } = await run("submit", "nonsense");
    expect(code).toBe(1);
    expect(stderr).toMatch(/\/kind is not a known kind; known are .*scan/);
  });

  it("of a job for later can be cancelled, and waiting for it exits with 5", async () => {
    const id = (await run("submit", "scan", "--input", input(), "--run-at", "1h")).stdout.trim();
    const early = await run("result", id, "--wait", "--timeout", "0.5");
    expect(early.code).toBe(124);
    expect(early.stderr).toContain("The wait timed out");
    expect((await run("result", id)).code).toBe(1);
    expect((await run("jobs", "cancel", id, "--yes")).code).toBe(0);
    const { code, stderr } = await run("result", id, "--wait");
    expect(code).toBe(5);
    expect(stderr).toContain("cancelled");
  });

  it("with the same unique key gives the same job", async () => {
    const args = ["submit", "scan", "--input", input(), "--run-at", "1h", "--unique-key", "one"];
    const first = await run(...args);
    const second = await run(...args);
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toContain("already exists");
    await run("jobs", "cancel", first.stdout.trim(), "--yes", "--if-version", "1");
  });
});

describe("jobs watch", () => {
  it("shows a job from its first change to its last, as lines of JSON, and exits with its outcome", async () => {
    const id = (
      await run("submit", "scan", "--input", JSON.stringify({ path: join(folder.path, "code") }))
    ).stdout.trim();
    const { code, stdout } = await run("jobs", "watch", id, "--json");
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ schema, status, version }) => [schema, status, version])).toEqual([
      ["lockstep.transition/1", "pending", 1],
      ["lockstep.transition/1", "running", 2],
      ["lockstep.transition/1", "completed", 3],
    ]);
    expect(code).toBe(0);
  });
});

describe("operator commands", () => {
  it("queues pause and resume", async () => {
    expect((await run("queues", "pause", "default")).stdout).toContain("default is paused");
    expect((await json("queues", "list")).queues[0]).toMatchObject({
      queue: "default",
      paused_at: expect.any(String),
    });
    expect((await run("queues", "resume", "default")).stdout).toContain("default is open");
  });

  it("kinds lists what is recorded, and an unknown kind is refused unless it is allowed", async () => {
    const { kinds, schema } = await json("kinds");
    expect(schema).toBe("lockstep.kinds/1");
    expect(kinds).toContainEqual(
      expect.objectContaining({ kind: "scan", workers_live: 1, recorded_at: expect.any(String) }),
    );
    expect((await run("kinds")).stdout).toMatch(/^scan +default +\d+ +30 min +checked +1 /m);
    const refused = await run("submit", "scann", "--input", "{}");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("did you mean scan?");
    expect(await run("submit", "scann", "--allow-unknown", "--queue", "nobody")).toMatchObject({ code: 0 });
  });

  it("workers list and health show which workers are alive", async () => {
    expect((await json("workers", "list")).workers).toMatchObject([{ live: true, concurrency: 10 }]);
    expect(await json("health")).toMatchObject({
      schema: "lockstep.health/1",
      status: "ready",
      workers_live: 1,
    });
  });

  it("a second process on the same data directory is refused, with advice on what to do", async () => {
    const args = ["up", "--port", "0", "--data-dir", join(folder.path, "data")];
    const { code, stderr } = await runCli(args, { cwd: folder.path });
    expect(code).toBe(1);
    expect(stderr).toContain("Another process uses the data directory");
    expect(stderr).toContain(`process ${up.pid}`);
  });

  it("a port that is already in use is reported in three lines", async () => {
    const args = ["up", "--port", new URL(up.url).port, "--data-dir", join(folder.path, "other")];
    const { code, stderr } = await runCli(args, { cwd: folder.path });
    expect(code).toBe(1);
    expect(stderr).toContain("error: The port is taken");
    expect(stderr).toContain("--port");
  });
});

it("a reader that stops reading early is not a failure", async () => {
  const child = spawnCli(["jobs", "list", "--json"], { env: up.env });
  child.stdout.destroy?.();
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code).toBe(0);
});

describe("keys", () => {
  it("begin on the command line, not over HTTP; from then on every call needs one, also when none is left", async () => {
    const dataDir = join(folder.path, "data");
    const create = () =>
      runCli(["keys", "create", "boss", "--role", "admin", "--data-dir", dataDir], { env: up.env });
    const early = await create();
    expect(early.code).toBe(4);
    expect(early.stderr).toContain("must be stopped");
    await up.end("SIGTERM");
    const token = (await create()).stdout.trim();
    expect(token).toMatch(/^lk_/);
    up = await startUp(dataDir, { cwd: folder.path });

    const refused = await run("jobs", "list");
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain("LOCKSTEP_TOKEN");

    const asBoss = (...args: string[]) =>
      runCli(args, { cwd: folder.path, env: { ...up.env, LOCKSTEP_TOKEN: token } });
    expect((await asBoss("jobs", "list")).code).toBe(0);
    const { keys } = JSON.parse((await asBoss("keys", "list", "--json")).stdout);
    expect(keys).toMatchObject([{ name: "boss", role: "admin", revoked_at: null }]);
    expect(JSON.stringify(keys)).not.toContain(token);
    expect((await asBoss("keys", "revoke", keys[0].id, "--yes")).code).toBe(0);
    expect((await asBoss("jobs", "list")).code).toBe(4);
    expect((await run("jobs", "list")).code).toBe(4);
  });
});
