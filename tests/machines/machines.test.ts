import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { waitFor } from "../servers/wait-for.js";
import { type Cluster, startCluster } from "./cluster.js";
import { type Follower, follow } from "./follower.js";
import { type Load, startLoad } from "./load.js";
import { untilAllAgree } from "./views.js";

let cluster: Cluster;
let follower: Follower;
let load: Load;

beforeAll(async () => {
  cluster = await startCluster();
});

afterAll(async () => {
  await cluster.remove();
});

/**
 * Limits each test to its own jobs: the lists of all jobs would grow with every test, and the event
 * stream has only new events.
 */
beforeEach(async () => {
  await cluster.sql("delete from lockstep.jobs where status = 'completed'");
  await cluster.redis.flushall();
  follower = await follow(cluster.urls);
  load = startLoad(cluster.urls);
  await underLoad(40);
});

afterEach(async () => {
  await load.stop();
  await follower.stop();
});

/** Waits until this many more jobs were accepted, and as many more have completed. */
async function underLoad(jobs: number): Promise<void> {
  const completed = async () =>
    (
      await cluster.sql<{ n: number }>(
        "select count(*)::integer as n from lockstep.jobs where status = 'completed'",
      )
    )[0]?.n ?? 0;
  const [accepted, before] = [load.accepted.size, await completed()];
  await waitFor(async () => load.accepted.size >= accepted + jobs && (await completed()) >= before + jobs, {
    what: `${jobs} more jobs under load`,
    everyMs: 100,
  });
}

async function settle(): Promise<void> {
  await load.stop();
  await untilAllAgree(cluster, load, follower);
  expect(load.accepted.size).toBeGreaterThanOrEqual(80);
}

it("a rolling restart of every server, worker, PostgreSQL and Redis, one of them by SIGKILL", async () => {
  const [first, second] = [0, 1] as const;
  expect(
    await Promise.all([cluster.servers[first].restart("SIGTERM"), cluster.workers[first].restart("SIGTERM")]),
  ).toEqual([0, 0]);
  await underLoad(20);
  await Promise.all([cluster.servers[second].restart("SIGTERM"), cluster.workers[second].restart("SIGKILL")]);
  await underLoad(20);
  await cluster.redisServer.stop();
  await underLoad(20);
  await cluster.redisServer.start();
  await cluster.postgres.stop();
  await cluster.postgres.start();
  await underLoad(20);
  await settle();
});

it("FLUSHALL, again and again", async () => {
  for (let round = 0; round < 4; round++) {
    await cluster.redis.flushall();
    await underLoad(20);
  }
  await settle();
});

it("PostgreSQL crashes and recovers", async () => {
  await cluster.postgres.restartImmediate();
  await underLoad(40);
  await settle();
});

it("a worker sleeps for longer than its lease while it holds jobs, and wakes up", async () => {
  const [asleep] = cluster.workers;
  await waitFor(
    async () => {
      asleep.signal("SIGSTOP");
      const holding = await cluster.sql(
        "select j.id from lockstep.jobs j join lockstep.workers w on w.id = j.worker_id where j.status = 'running' and w.pid = $1",
        [asleep.pid],
      );
      if (holding.length === 0) asleep.signal("SIGCONT");
      return holding.length > 0;
    },
    { what: "the worker to be stopped while it holds jobs", everyMs: 50 },
  );
  const lost = await waitFor(
    async () => {
      const rows = await cluster.sql<{ job_id: string }>(
        "select job_id from lockstep.transitions where reason = 'lost'",
      );
      return rows.length > 0 ? rows : null;
    },
    { what: "its jobs to be taken back", everyMs: 200 },
  );
  expect(lost.length).toBeLessThanOrEqual(10);
  asleep.signal("SIGCONT");
  await underLoad(40);
  await settle();
});

it("Redis is full", async () => {
  const { redis } = cluster;
  await redis.config("SET", "maxmemory-policy", "noeviction");
  await redis.config("SET", "maxmemory", "1mb");
  await expect(redis.set("filler", "x")).rejects.toThrow("OOM");
  const before = follower.versions.size;
  await underLoad(60);
  await waitFor(() => follower.versions.size > before, { what: "events without Redis" });
  await redis.config("SET", "maxmemory", "0");
  await settle();
});

it("a write transaction stays open in another database, and events and copies continue", async () => {
  await cluster.sql("create database elsewhere").catch(() => undefined);
  const other = new pg.Client({ connectionString: cluster.postgres.url.replace(/postgres$/, "elsewhere") });
  await other.connect();
  try {
    await other.query("create table if not exists kept (n integer)");
    await other.query("begin");
    await other.query("insert into kept values (1)");
    await underLoad(40);
    // While it is open, every event and copy of every job arrives.
    await settle();
    await other.query("commit");
  } finally {
    await other.end();
  }
});
