import pg from "pg";
import { describe, expect, it } from "vitest";
import { createFeed } from "../../src/ledger/feed.js";
import { ENGINES, submitNoop } from "../ledger/engines.js";
import { type ArchiveBench, openArchive, untilSettled } from "./archived.js";

async function register(bench: ArchiveBench, name: string): Promise<void> {
  const { database, ledger } = bench;
  await untilSettled(bench);
  await database.query(
    "insert into feed_cursors (name, position) values ($1, $2) on conflict (name) do update set position = excluded.position, updated_at = clock_timestamp()",
    [name, await ledger.feed.now()],
  );
}

describe.each(ENGINES)("archiving and the feed on %s", (engine) => {
  it("waits for every registered reader, and says for which", async () => {
    const bench = await openArchive(engine);
    await register(bench, "slow");
    await bench.finished();
    await register(bench, "fast");
    expect(await bench.run()).toMatchObject({ archived: 0, held: 1 });
    expect(await bench.ledger.archive.readers()).toMatchObject([{ name: "slow" }, { name: "fast" }]);
    await register(bench, "slow");
    expect(await bench.run()).toMatchObject({ archived: 1, held: 0 });
  });

  it("does not wait for a reader that was silent for over a day or belongs to another ledger", async () => {
    const bench = await openArchive(engine);
    await register(bench, "gone");
    await bench.database.query(
      "insert into feed_cursors (name, position) values ('foreign', '088f728f-c8b7-4362-97c8-8b0b103986a9/5:5:')",
    );
    await bench.finished();
    await bench.database.query("update feed_cursors set updated_at = now() - interval '24 hours 30 minutes'");
    expect(await bench.run()).toMatchObject({ archived: 0, held: 1 });
    await bench.database.query("update feed_cursors set updated_at = now() - interval '26 hours'");
    expect(await bench.run()).toMatchObject({ archived: 1 });
  });

  it("a reader that missed archived transitions must read everything again; one that has them continues", async () => {
    const bench = await openArchive(engine);
    const { feed } = bench.ledger;
    const before = await feed.now();
    await bench.finished();
    await untilSettled(bench);
    const behind = await feed.now();
    await bench.run();
    const after = await feed.now();
    const fresh = await submitNoop(bench);
    expect(await feed.read(before, 100)).toBeNull();
    for (const position of [behind, after])
      expect((await feed.read(position, 100))?.events).toMatchObject([{ job_id: fresh.id, version: 1 }]);
  });

  it("a reader in the middle of a page must read everything again too", async () => {
    const bench = await openArchive(engine);
    const { feed } = bench.ledger;
    const start = await feed.now();
    await bench.finished();
    await bench.finished();
    const page = await feed.read(start, 2);
    expect(page).toMatchObject({ more: true });
    await bench.run();
    expect(await feed.read(page?.position ?? "", 2)).toBeNull();
  });
});

describe("archiving, the feed and open transactions", () => {
  it("does not archive a transition that an open transaction may still make a reader skip", async () => {
    const bench = await openArchive("postgres");
    const other = new pg.Client({ connectionString: bench.url ?? "" });
    await other.connect();
    try {
      await other.query("begin");
      await other.query("select pg_current_xact_id()");
      await bench.finished();
      expect(await bench.runNow()).toMatchObject({ archived: 0, held: 1 });
      await other.query("commit");
      expect(await bench.run()).toMatchObject({ archived: 1 });
    } finally {
      await other.end();
    }
  });

  it("transitions removed between two statements of one read are noticed", async () => {
    const bench = await openArchive("postgres");
    const start = await bench.ledger.feed.now();
    await bench.finished();
    const feed = createFeed({
      ...bench.database,
      async query(statement, values) {
        const answer = await bench.database.query<never>(statement, values);
        if (typeof statement !== "string" && statement.name?.includes("feed_now")) await bench.run();
        return answer;
      },
    });
    expect(await feed.read(start, 100)).toBeNull();
  });
});
