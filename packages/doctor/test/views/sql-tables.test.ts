import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { jobOf, listed, openTestView, words } from "./open-view.js";
import { type Engine, mariadbEngine, sharedMariadb, sqliteEngine } from "./sql-engines.js";

/** Ids that break a careless implementation. */
const ODD_IDS = [
  "it's",
  'say "hi"',
  "back\\slash",
  "line\nbreak",
  "\u001b[31mred",
  "`tick`",
  "%_",
  "ünï-✓-𝟙",
  "' or 1=1 -- ",
];

afterAll(async () => (await sharedMariadb()).remove());
const isMysql = async () => (await sharedMariadb()).isMysql;

describe.each([
  ["MariaDB", mariadbEngine],
  ["SQLite", sqliteEngine],
] as const)("a table in %s", (name, open) => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await open();
  });
  const settle = {
    status: "completed",
    finished_at: "2026-02-03T04:05:06.789Z",
    result_json: '{"n": 1.50}',
  } as const;

  it("is listed page by page and looked up by id, whatever the ids contain", async () => {
    for (const id of ODD_IDS) await engine.insert(id, "IN_PROGRESS");
    const view = openTestView(engine.config());
    await view.examine();
    const expected = Object.fromEntries(ODD_IDS.map((id) => [id, "IN_PROGRESS"]));
    expect(await listed(view)).toEqual(expected);
    expect(await words(view, [...ODD_IDS, "nobody"])).toEqual({ ...expected, nobody: "absent" });
  });

  it("is read completely over many pages", async () => {
    const text = name === "SQLite" ? "'job-' || i" : "concat('job-', i)";
    const deeper = (await isMysql())
      ? "set cte_max_recursion_depth = 10000"
      : "set max_recursive_iterations = 10000";
    const more = name === "SQLite" ? "select 1" : deeper;
    await engine.run(
      more,
      `insert into ScanJob (id)
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) select ${text} from n`,
    );
    const view = openTestView(engine.config());
    expect((await view.examine()).countEstimate).toBeGreaterThan(0);
    expect(Object.keys(await listed(view))).toHaveLength(5_000);
  });

  it("distinguishes ids by upper and lower case", async () => {
    await engine.insert("Job-A", "PENDING");
    const view = openTestView(engine.config());
    await view.examine();
    expect(await words(view, ["Job-A", "job-a", "JOB-A"])).toEqual({
      "Job-A": "PENDING",
      "job-a": "absent",
      "JOB-A": "absent",
    });
  });

  it("is settled only if the row has not changed, and is restored exactly", async () => {
    await engine.insert("a", "IN_PROGRESS");
    const before = await engine.run("select * from ScanJob");
    const view = openTestView(engine.config());
    await view.examine();
    const seen = await jobOf(view, "a");
    expect(seen).toMatchObject({
      status: "running",
      createdAt: "2026-01-01T00:00:00.123456Z",
      updatedAt: expect.stringMatching(/^2026-01-01T00:00:00\.50*Z$/),
    });
    const repair = {
      action: "settle",
      id: "a",
      fingerprint: seen.fingerprint,
      beforeImage: seen.beforeImage,
      to: settle,
    } as const;
    const written = await view.writer!.write(repair);
    expect(written).toMatchObject({ outcome: "written" });
    const [row] = await engine.run("select jobStatus, result, finishedAt from ScanJob");
    // MySQL parses JSON, so trailing zeros are lost.
    const result = (await isMysql()) && name !== "SQLite" ? '{"n": 1.5}' : settle.result_json;
    expect(row).toMatchObject({ jobStatus: "COMPLETED", result });
    expect(String(row?.finishedAt)).toContain("2026-02-03 04:05:06.789");
    expect(await jobOf(view, "a")).toMatchObject({ status: "completed", resultJson: result });
    expect(await view.writer!.write(repair)).toEqual({ outcome: "changed" });

    const fingerprint = written.outcome === "written" ? written.fingerprint : null;
    const undo = { action: "settle", id: "a", fingerprint, beforeImage: seen.beforeImage } as const;
    expect(await view.writer!.restore(undo)).toEqual({ outcome: "written", fingerprint: seen.fingerprint });
    expect(await engine.run("select * from ScanJob")).toEqual(before);
    expect(await view.writer!.restore(undo)).toEqual({ outcome: "changed" });
  });

  it.each([
    ["status", "jobStatus = 'FAILED'"],
    ["result", "result = '{\"late\":true}'"],
    ["error", "error = 'x'"],
    ["attempt", "attempt = attempt + 1"],
  ])("is left alone when the %s has changed meanwhile", async (_what, change) => {
    await engine.insert("a", "IN_PROGRESS");
    const view = openTestView(engine.config());
    await view.examine();
    const seen = await jobOf(view, "a");
    await engine.run(`update ScanJob set ${change}, updatedAt = updatedAt`);
    const before = await engine.run("select * from ScanJob");
    const repair = {
      action: "settle",
      id: "a",
      fingerprint: seen.fingerprint,
      beforeImage: seen.beforeImage,
      to: settle,
    } as const;
    expect(await view.writer!.write(repair)).toEqual({ outcome: "changed" });
    expect(await engine.run("select * from ScanJob")).toEqual(before);
  });

  it("is refused when its id is not a key, or when a column or the table is missing", async () => {
    await engine.run("create table loose (id varchar(20), jobStatus varchar(20))");
    const columns = { id: "id", status: "jobStatus" };
    const loose = openTestView({ ...engine.config(), table: "loose", columns });
    await expect(loose.examine()).rejects.toMatchObject({
      code: "VIEW_MISMATCH",
      message: expect.stringContaining("no primary key"),
    });
    const missing = openTestView({
      ...engine.config(),
      columns: { ...columns, result: "Result_Json", error: "oops" },
    });
    await expect(missing.examine()).rejects.toMatchObject({
      message: expect.stringContaining("Result_Json, oops"),
    });
    const nothing = openTestView({ ...engine.config(), table: "no'such`table" });
    await expect(nothing.examine()).rejects.toMatchObject({ code: "VIEW_MISMATCH" });
  });

  it("does not list rows without an id when a unique column is the id", async () => {
    await engine.run(
      "create table tasks (pk integer primary key, task_id varchar(50) unique, state varchar(20))",
      "insert into tasks values (1, null, 'PENDING'), (2, null, 'PENDING'), (3, 'x', 'PENDING')",
    );
    const view = openTestView({
      ...engine.config(),
      table: "tasks",
      columns: { id: "task_id", status: "state" },
    });
    await view.examine();
    expect(await listed(view)).toEqual({ x: "PENDING" });
  });

  it("finds whole numbers as ids, and no row for other texts", async () => {
    await engine.run(
      "create table numbered (id bigint primary key, state varchar(20))",
      "insert into numbered values (0, 'PENDING'), (7, 'PENDING'), (9007199254740993, 'PENDING')",
    );
    const view = openTestView({
      ...engine.config(),
      table: "numbered",
      columns: { id: "id", status: "state" },
    });
    await view.examine();
    expect(await words(view, ["7", "9007199254740993", "abc", "7abc", "07"])).toEqual({
      "7": "PENDING",
      "9007199254740993": "PENDING",
      abc: "absent",
      "7abc": "absent",
      "07": "absent",
    });
    expect(Object.keys(await listed(view))).toEqual(expect.arrayContaining(["0", "7", "9007199254740993"]));
  });

  it("finds the largest numbers, and no row for an id out of the column's range", async () => {
    await engine.run(
      "create table large (id bigint primary key, state varchar(20))",
      "insert into large values (1798765432109876543, 'PENDING'), (9223372036854775807, 'PENDING')",
      "create table small (id integer primary key, state varchar(20))",
      "insert into small values (7, 'PENDING')",
    );
    const columns = { id: "id", status: "state" };
    const [large, small] = ["large", "small"].map((table) =>
      openTestView({ ...engine.config(), table, columns }),
    );
    await large!.examine();
    expect(
      await words(large!, ["1798765432109876543", "9223372036854775807", "9223372036854775808"]),
    ).toEqual({
      "1798765432109876543": "PENDING",
      "9223372036854775807": "PENDING",
      "9223372036854775808": "absent",
    });
    await small!.examine();
    expect(await words(small!, ["7", "99999999999"])).toEqual({ "7": "PENDING", "99999999999": "absent" });
  });
});
