import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { jobOf, listed, openTestView, words } from "./open-view.js";
import { type Engine, mariadbEngine, STATUSES, sharedMariadb } from "./sql-engines.js";

let engine: Engine;
beforeEach(async () => {
  engine = await mariadbEngine();
});
afterAll(async () => (await sharedMariadb()).remove());

describe("a table in MariaDB", () => {
  it("is not repaired with a word that its enum lacks", async () => {
    await engine.insert("a", "IN_PROGRESS");
    const view = openTestView({
      ...engine.config(),
      statuses: { ...STATUSES, COMPLETED: "failed", DONE: "completed" },
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
    expect(await engine.run("select jobStatus from ScanJob")).toEqual([{ jobStatus: "IN_PROGRESS" }]);
  });

  it("reads TIMESTAMP and DATETIME in the configured zone, whatever the server's zone is", async () => {
    await engine.run(
      "insert into ScanJob (id, createdAt, updatedAt) values ('a', '2026-01-01 12:00:00', '2026-01-01 10:00:00')",
    );
    const at = async (zone: string) => {
      const view = openTestView({ ...engine.config(), zone });
      await view.examine();
      const { createdAt, updatedAt } = await jobOf(view, "a");
      return [createdAt, updatedAt].map((time) => new Date(time!).toISOString());
    };
    expect(await at("UTC")).toEqual(["2026-01-01T12:00:00.000Z", "2026-01-01T10:00:00.000Z"]);
    expect(await at("+02:00")).toEqual(["2026-01-01T10:00:00.000Z", "2026-01-01T10:00:00.000Z"]);
  });

  it("must not be written on a read-only server or a replica", async () => {
    const view = openTestView(engine.config());
    expect((await view.examine()).writeObstacle).toBeNull();
    await engine.run("set global read_only = 1");
    expect((await view.examine()).writeObstacle).toContain("primary");
    const { isMysql } = await sharedMariadb();
    await engine.run(
      "set global read_only = 0",
      isMysql
        ? "change replication source to source_host = '127.0.0.1', source_port = 1"
        : "change master to master_host = '127.0.0.1', master_port = 1",
    );
    expect((await view.examine()).writeObstacle).toContain("replica");
    await engine.run(isMysql ? "reset replica all" : "reset slave all");
    expect((await view.examine()).writeObstacle).toBeNull();
  });

  it("is unreadable while its server is down, and is read again afterwards", async () => {
    await engine.insert("a", "PENDING");
    const view = openTestView(engine.config());
    await view.examine();
    await (await sharedMariadb()).kill();
    await expect(view.summaries(["a"])).rejects.toThrow();
    await expect(listed(view)).rejects.toThrow();
    await (await sharedMariadb()).start();
    expect(await words(view, ["a"])).toEqual({ a: "PENDING" });
  });
});
