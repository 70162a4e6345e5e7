import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../../../../tests/servers/database.js";
import { startRedis } from "../../../../tests/servers/redis.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { openDatabase } from "../../src/database/index.js";
import { migrate, openLedger } from "../../src/ledger/index.js";
import { submitNoop } from "../ledger/engines.js";
import {
  cleanUp,
  connectTo,
  type Projected,
  project,
  recordOf,
  shownValue,
  untilAgree,
  untilVersion,
} from "./projected.js";

/** Runs on a PostgreSQL server for this test alone, which it may put back to an earlier state. */
async function openOnOwnServer(): Promise<Projected & { readonly postgres: Postgres }> {
  // The requested recovery finds no archive, and ends at once on a new timeline.
  const postgres = await startPostgres({ settings: { restore_command: "false" } });
  cleanUp(() => postgres.remove());
  const database = await openDatabase({ url: postgres.url });
  await migrate(database);
  const ledger = openLedger(database);
  cleanUp(async () => {
    await ledger.close();
    await database.close();
  });
  const server = await startRedis();
  cleanUp(() => server.remove());
  const bench = { database, ledger, url: postgres.url };
  return { ...(await project(bench, server, connectTo(server))), postgres };
}

const dataOf = (postgres: Postgres) => join(dirname(postgres.logFile), "data");
const backupOf = (postgres: Postgres) => join(dirname(postgres.logFile), "backup");

async function backUp(postgres: Postgres): Promise<void> {
  await postgres.stop();
  execFileSync("cp", ["-a", dataOf(postgres), backupOf(postgres)]);
  await postgres.start();
}

async function restore(postgres: Postgres): Promise<void> {
  await postgres.stop();
  execFileSync("rm", ["-rf", dataOf(postgres)]);
  execFileSync("mv", [backupOf(postgres), dataOf(postgres)]);
  expect(existsSync(join(dataOf(postgres), "PG_VERSION"))).toBe(true);
  await postgres.start();
}

/** Asks again until the connections to the stopped server are recognised as dead. */
function whenUp<T>(work: () => Promise<T>): Promise<NonNullable<T>> {
  return waitFor(work, { what: "PostgreSQL to take it" });
}

async function untilCursorMoves({ database }: Projected, work: () => Promise<void>): Promise<void> {
  const read = async () =>
    (await database.query<{ position: string }>("select position from lockstep.feed_cursors")).rows[0]
      ?.position;
  const before = await read();
  await work();
  await waitFor(async () => (await read()) !== before, { what: "the cursor to be stored" });
}

describe("a PostgreSQL restored from a backup", () => {
  it("also sets Redis back: versions go back, and jobs that the backup does not have disappear", async () => {
    const projected = await openOnOwnServer();
    const { ledger, postgres } = projected;
    const kept = await submitNoop(projected);
    await untilVersion(projected, kept.id, 1);
    await backUp(postgres);
    await whenUp(() => ledger.cancel(kept.id, { actor: "me" }));
    let lost = "";
    await untilCursorMoves(projected, async () => {
      lost = (await submitNoop(projected)).id;
      await untilVersion(projected, lost, 1);
      await untilVersion(projected, kept.id, 2);
    });
    const before = await recordOf(projected);
    await restore(postgres);
    // Its transactions get higher numbers than the lost ones, so a position alone cannot show the
    // difference.
    for (let n = 0; n < 20; n++) await whenUp(() => submitNoop(projected));
    await waitFor(async () => (await recordOf(projected))?.generation !== before?.generation, {
      what: "a new generation",
    });
    await untilAgree(projected);
    expect(await shownValue(projected, kept.id)).toMatchObject({ version: 1, status: "pending" });
    expect(await shownValue(projected, lost)).toBeNull();
    expect(await projected.cache.get(lost)).toEqual({ state: "unknown" });
  });
});

describe("a PostgreSQL that continues on another timeline", () => {
  it("is copied again in full, because it may lack the last commits of the previous timeline", async () => {
    const projected = await openOnOwnServer();
    const { id } = await submitNoop(projected);
    await untilVersion(projected, id, 1);
    const before = await recordOf(projected);
    await projected.postgres.stop();
    const signal = join(dataOf(projected.postgres), "recovery.signal");
    writeFileSync(signal, "");
    await projected.postgres.start();
    const { rows } = await whenUp(() =>
      projected.database.query<{ timeline: string }>(
        "select left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline",
      ),
    );
    expect(rows).toEqual([{ timeline: "00000002" }]);
    await waitFor(async () => (await recordOf(projected))?.generation !== before?.generation, {
      what: "a new generation",
    });
    await untilAgree(projected);
  });

  it("a plain restart does not change the timeline: the copy continues", async () => {
    const projected = await openOnOwnServer();
    const before = await recordOf(projected);
    await projected.postgres.restartImmediate();
    const { id } = await whenUp(() => submitNoop(projected));
    await untilVersion(projected, id, 1);
    await untilAgree(projected);
    expect((await recordOf(projected))?.generation).toBe(before?.generation);
  });
});
