import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshDatabase, startPostgres } from "../../../../tests/servers/database.js";
import { dumpDatabase, restoreDatabase } from "../../../../tests/servers/dump.js";
import type { FeedPosition } from "../../src/ledger/index.js";
import { type Bench, openBench, submitNoop } from "../ledger/engines.js";
import { newFolder } from "../worker/setup.js";
import {
  cleanUp,
  connectTo,
  openExisting,
  openProjected,
  type Projected,
  project,
  shownValue,
  untilAgree,
  untilState,
  untilVersion,
} from "./projected.js";

/** Restores a dump into a new cluster, whose transaction numbers begin again. */
async function restoreIntoNewCluster(file: string): Promise<Bench> {
  const postgres = await startPostgres();
  cleanUp(() => postgres.remove());
  restoreDatabase(postgres.url, file);
  return await openExisting(postgres.url);
}

/**
 * Makes the ledger look as after some days of use: its transactions have high numbers, and old
 * changes were deleted.
 */
async function age({ database }: Bench): Promise<void> {
  const guard = (change: string) =>
    database.query(`alter table lockstep.changes ${change} trigger changes_only_by_trigger`);
  await guard("disable");
  await database.query("update lockstep.changes set xid = '4000000'");
  await guard("enable");
  await database.query("update lockstep.feed_state set floor = '3000000'");
}

async function dump({ url }: Bench): Promise<string> {
  const file = join(await newFolder(), "lockstep.dump");
  dumpDatabase(url ?? "", file);
  return file;
}

/** Reads on from a position; null: the reader has to start again. */
async function readFrom({ ledger }: Bench, position: FeedPosition) {
  const batch = await ledger.feed.read(position, 1_000);
  return batch === null ? null : batch.events.map(({ job_id, version }) => `${job_id} ${version}`);
}

async function stop({ projector, redis }: Projected): Promise<void> {
  await projector.stop();
  await redis.close();
}

describe("a ledger that was restored from a dump into a new cluster", () => {
  it("gives each reader of its feed one reset, and then every transition", async () => {
    const before = await openBench("postgres");
    const old = await before.ledger.feed.now();
    await submitNoop(before);
    await age(before);
    const restored = await restoreIntoNewCluster(await dump(before));
    expect(await readFrom(restored, old)).toBeNull();
    const now = await restored.ledger.feed.now();
    expect(await readFrom(restored, now)).toEqual([]);
    const job = await submitNoop(restored);
    expect(await readFrom(restored, now)).toEqual([`${job.id} 1`]);
    expect(await readFrom(restored, old)).toBeNull();
    // What the dump had in the feed does not come back when the numbers are reached.
    expect((await restored.database.query("select from lockstep.changes")).rows).toHaveLength(1);
  });

  it("rebuilds the projection once, and then continues it", async () => {
    const before = await openProjected();
    const kept = await submitNoop(before);
    await untilVersion(before, kept.id, 1);
    const file = await dump(before);
    const lost = await submitNoop(before);
    await untilVersion(before, lost.id, 1);
    await stop(before);

    const restored = await restoreIntoNewCluster(file);
    await age(restored);
    const after = await project(restored, before.server, connectTo(before.server));
    await untilAgree(after);
    const job = await submitNoop(after);
    await untilVersion(after, job.id, 1);
    expect(await shownValue(after, lost.id)).toBeNull();
    await untilState(after, "current");
    expect(after.projector.status()).toMatchObject({ state: "current", rebuilds: 1, valuesRemoved: 1 });
  });
});

describe("a ledger that was restored from a dump in its place", () => {
  it("resets the readers that have read what is no longer there", async () => {
    const before = await openBench("postgres");
    await before.ledger.feed.now();
    const file = await dump(before);
    await submitNoop(before);
    const old = await before.ledger.feed.now();
    await before.database.close();
    restoreDatabase(before.url ?? "", file, ["--clean", "--if-exists"]);
    const restored = await openExisting(before.url ?? "");
    await submitNoop(restored);
    expect(await readFrom(restored, old)).toBeNull();
  });

  it("several processes that open it first agree on its new positions", async () => {
    const before = await openBench("postgres");
    await submitNoop(before);
    await age(before);
    const file = await dump(before);
    const target = await freshDatabase();
    cleanUp(() => target.drop());
    restoreDatabase(target.url, file);
    const processes = await Promise.all(Array.from({ length: 5 }, () => openExisting(target.url)));
    const positions = await Promise.all(processes.map(({ ledger }) => ledger.feed.now()));
    expect(new Set(positions.map((position) => position.split("/")[0])).size).toBe(1);
    for (const bench of processes) expect(await readFrom(bench, positions[4]!)).toEqual([]);
  });
});
