import pg from "pg";
import { describe, expect, it } from "vitest";
import { newDatabase } from "../../../../tests/servers/new-database.js";
import { startRedis } from "../../../../tests/servers/redis.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { openBench, openSecond, submitNoop } from "../ledger/engines.js";
import { startLoad } from "./load.js";
import {
  cleanUp,
  connectTo,
  openProjected,
  openRival,
  type Projected,
  project,
  untilAgree,
  untilState,
  untilVersion,
} from "./projected.js";
import { startProjectorProcess } from "./projector-process.js";

/** Every transition that is published from now on, as "job version". */
async function published({ client }: Projected): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const subscriber = client.duplicate();
  cleanUp(async () => subscriber.disconnect());
  await subscriber.subscribe("lockstep:changes");
  subscriber.on("message", (_channel, text: string) => {
    const { jobs } = JSON.parse(text) as { jobs: Record<string, [number, string][]> };
    for (const [id, versions] of Object.entries(jobs))
      for (const [version] of versions) seen.add(`${id} ${version}`);
  });
  return seen;
}

async function untilAllPublished({ database }: Projected, seen: ReadonlySet<string>): Promise<void> {
  const { rows } = await database.query<{ job_id: string; version: number }>(
    "select job_id, version from lockstep.transitions",
  );
  await waitFor(() => rows.every((row) => seen.has(`${row.job_id} ${row.version}`)), {
    what: `all of ${rows.length} transitions to be published`,
  });
}

/**
 * Ends the session that holds the projector's lock, unless it has already ended. @returns its pid
 */
async function endHolder({ database }: Projected, ended: ReadonlySet<number>): Promise<number | undefined> {
  const { rows } = await database.query<{ pid: number }>(
    "select pid from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())",
  );
  const pid = rows[0]?.pid;
  if (pid === undefined || ended.has(pid)) return undefined;
  await database.query("select pg_terminate_backend($1)", [pid]);
  return pid;
}

describe("of two projectors", () => {
  it("one writes, and the other stands by", async () => {
    const first = await openProjected();
    const rival = await openRival(first, { start: false });
    await rival.projector.start();
    await untilState(rival, "standby");
    const load = await startLoad(first);
    await waitFor(async () => (await first.client.dbsize()) > 100, { what: "values in Redis" });
    await load.finish();
    await untilAgree(first);
    expect(rival.projector.status()).toMatchObject({ state: "standby", valuesWritten: 0, rebuilds: 0 });
    expect(first.projector.status().valuesWritten).toBeGreaterThan(100);
  });

  it("the other continues when one is killed under load, and nothing is skipped", async () => {
    const server = await startRedis();
    cleanUp(() => server.remove());
    const bench = await openBench("postgres");
    const child = await startProjectorProcess(bench, server);
    const own = await project(await openSecond(bench), server, connectTo(server), { start: false });
    const seen = await published(own);
    await own.projector.start();
    await untilState(own, "standby");
    const load = await startLoad(own);
    await waitFor(async () => (await own.client.dbsize()) > 300, { what: "the child's values in Redis" });
    await child.kill();
    await untilState(own, "current");
    await load.finish();
    await untilAgree(own);
    await untilAllPublished(own, seen);
    expect(own.projector.status().rebuilds).toBe(0);
  });

  it("the one whose session is ended loses the lock, and one of them takes it at once", async () => {
    const first = await openProjected();
    const rival = await openRival(first, { start: false });
    await rival.projector.start();
    const seen = await published(first);
    const load = await startLoad(first);
    const ended = new Set<number>();
    for (let round = 0; round < 3; round++) {
      const pid = await waitFor(async () => await endHolder(first, ended), {
        what: "a projector to hold the lock",
      });
      ended.add(pid);
    }
    await load.finish();
    await untilAgree(first);
    await untilAllPublished(first, seen);
  });

  it("the one that cannot reach Redis leaves the lock to the other", async () => {
    const first = await openProjected();
    const rival = await openRival(first, { start: false });
    await rival.projector.start();
    await untilState(rival, "standby");
    // Like an unplugged cable: nothing from this process reaches Redis any more.
    await first.redis.close();
    await submitNoop(first);
    await untilState(rival, "current");
    const { id } = await submitNoop(first);
    await untilVersion(rival, id, 1);
    expect(first.projector.status().state).toBe("waiting");
  });
});

describe("an open transaction", () => {
  it("that writes in another database does not delay changes to Redis", async () => {
    const projected = await openProjected();
    const server = new URL(projected.url ?? "");
    server.pathname = "/postgres";
    const other = await newDatabase(server.href);
    cleanUp(() => other.drop());
    const writer = new pg.Client({ connectionString: other.url });
    await writer.connect();
    try {
      await writer.query("begin");
      await writer.query("create table held (n int)");
      for (let n = 0; n < 3; n++) {
        const { id } = await submitNoop(projected);
        await untilVersion(projected, id, 1);
      }
    } finally {
      await writer.end();
    }
  });

  it("that submitted a job first and commits last is projected, with the versions in the right order", async () => {
    const projected = await openProjected();
    const slow = new pg.Client({ connectionString: projected.url ?? "" });
    await slow.connect();
    try {
      await slow.query("begin");
      const { job } = await projected.ledger.submit({ kind: "noop", input: "late" }, { tx: slow });
      const early = await submitNoop(projected);
      await untilVersion(projected, early.id, 1);
      await projected.ledger.cancel(early.id, { actor: "me" });
      await untilVersion(projected, early.id, 2);
      expect(await projected.client.exists(`result:${job.id}`)).toBe(0);
      await slow.query("commit");
      await untilVersion(projected, job.id, 1);
      await untilAgree(projected);
    } finally {
      await slow.end();
    }
  });
});
