import { dirname, join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { jobOf, openTestView, words } from "./open-view.js";
import { sqliteEngine } from "./sql-engines.js";

let engine: Awaited<ReturnType<typeof sqliteEngine>>;
beforeEach(async () => {
  engine = await sqliteEngine();
});
afterEach(() => engine.remove());

describe("a SQLite file", () => {
  it("is read as of its last commit while another process writes, and does not block the writer", async () => {
    await engine.insert("a", "IN_PROGRESS");
    const view = openTestView(engine.config());
    await view.examine();
    const writer = new DatabaseSync(engine.file);
    writer.exec("begin immediate; update ScanJob set jobStatus = 'FAILED'");
    expect(await words(view, ["a"])).toEqual({ a: "IN_PROGRESS" });
    const seen = await jobOf(view, "a");
    const repair = {
      action: "settle",
      id: "a",
      fingerprint: seen.fingerprint,
      beforeImage: seen.beforeImage,
      to: { status: "completed" },
    } as const;
    await expect(view.writer!.write(repair)).rejects.toThrow(/locked/);
    writer.exec("commit; pragma wal_checkpoint(truncate)");
    writer.close();
    expect(await words(view, ["a"])).toEqual({ a: "FAILED" });
    expect(await view.writer!.write(repair)).toEqual({ outcome: "changed" });
  });

  it("is never created when it does not exist", async () => {
    const nowhere = join(dirname(engine.file), "no-such.db");
    const view = openTestView({ ...engine.config(), url: `sqlite:${nowhere}` });
    await expect(view.examine()).rejects.toMatchObject({
      code: "VIEW_UNREADABLE",
      message: expect.stringContaining("no-such.db"),
    });
    await expect(view.examine()).rejects.toThrow();
    const beside = openTestView({ ...engine.config(), url: "sqlite:beside.db" });
    await expect(beside.examine()).rejects.toThrow(join(process.cwd(), "beside.db"));
    expect(() => new DatabaseSync(nowhere, { readOnly: true })).toThrow();
  });

  it("keeps the time format of its table: numbers stay numbers", async () => {
    await engine.run(
      'create table jobs (id integer primary key, state text, "createdAt" datetime, "finishedAt" datetime)',
      "insert into jobs values (1, 'IN_PROGRESS', 1767225600000, null)",
    );
    const columns = { id: "id", status: "state", created_at: "createdAt", finished_at: "finishedAt" };
    const view = openTestView({ ...engine.config(), table: "jobs", columns });
    await view.examine();
    const seen = await jobOf(view, "1");
    expect(seen.createdAt).toBe("2026-01-01T00:00:00.000Z");
    const to = { status: "completed", finished_at: "2026-01-01T00:00:01.000Z" } as const;
    expect(
      await view.writer!.write({
        action: "settle",
        id: "1",
        fingerprint: seen.fingerprint,
        beforeImage: seen.beforeImage,
        to,
      }),
    ).toMatchObject({ outcome: "written" });
    expect(await engine.run('select "finishedAt" as at, typeof("finishedAt") as type from jobs')).toEqual([
      { at: 1_767_225_601_000, type: "integer" },
    ]);
  });

  it("reports that a rule of the table refuses a value, and writes nothing", async () => {
    await engine.run(
      "create table jobs (id text primary key, state text check (state in ('IN_PROGRESS','DONE')))",
      "insert into jobs values ('a', 'IN_PROGRESS')",
    );
    const view = openTestView({
      ...engine.config(),
      table: "jobs",
      columns: { id: "id", status: "state" },
    });
    await view.examine();
    const seen = await jobOf(view, "a");
    const repair = {
      action: "settle",
      id: "a",
      fingerprint: seen.fingerprint,
      beforeImage: seen.beforeImage,
      to: { status: "completed" },
    } as const;
    expect(await view.writer!.write(repair)).toMatchObject({ outcome: "refused" });
    expect(await words(view, ["a"])).toEqual({ a: "IN_PROGRESS" });
  });
});
