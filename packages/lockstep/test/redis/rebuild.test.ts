import { describe, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { claimOne, completed, registerWorker, settle, submitNoop } from "../ledger/engines.js";
import { startLoad } from "./load.js";
import {
  openProjected,
  openRival,
  type Projected,
  recordOf,
  shownValue,
  untilAgree,
  untilState,
  untilVersion,
} from "./projected.js";

/** Waits until a rebuild is in the middle of the ledger. */
async function untilFilling(projected: Projected, values: number): Promise<void> {
  await waitFor(
    async () =>
      (await recordOf(projected))?.phase === "filling" && (await projected.client.dbsize()) > values,
    { everyMs: 1, what: "a rebuild to be under way" },
  );
}

const noops = (count: number) => Array(count).fill({ kind: "noop", input: {} });

describe("a Redis that is emptied", () => {
  it("under load, again and again, shows the same as the ledger in the end", async () => {
    const projected = await openProjected();
    const load = await startLoad(projected);
    for (let flush = 1; flush <= 3; flush++) {
      await waitFor(async () => (await projected.client.dbsize()) > 200, { what: "values in Redis" });
      await projected.client.flushall();
      await waitFor(() => projected.projector.status().rebuilds > flush, { what: `rebuild ${flush}` });
    }
    expect(await load.finish()).toBeGreaterThan(400);
    await untilAgree(projected);
    const { rows } = await projected.database.query(
      "select from lockstep.jobs where status in ('pending', 'running')",
    );
    expect(rows).toEqual([]);
  });

  it("in the middle of a rebuild is rebuilt from the start", async () => {
    const projected = await openProjected({ start: false });
    for (let n = 0; n < 3; n++) await projected.ledger.submitMany(noops(8_000));
    await projected.projector.start();
    await untilFilling(projected, 2_000);
    await projected.client.flushall();
    await untilAgree(projected);
    expect(projected.projector.status().rebuilds).toBe(2);
    expect(await projected.client.dbsize()).toBe(24_001);
  });

  it("without load is noticed within a moment", async () => {
    const projected = await openProjected();
    const { id } = await submitNoop(projected);
    await untilVersion(projected, id, 1);
    const before = await recordOf(projected);
    await projected.client.flushall();
    expect(await projected.cache.get(id)).toEqual({ state: "unknown" });
    await untilAgree(projected);
    expect((await recordOf(projected))?.generation).not.toBe(before?.generation);
  });

  it("is filled while jobs continue, and the next projector continues an interrupted rebuild", async () => {
    const projected = await openProjected({ start: false });
    for (let n = 0; n < 3; n++) await projected.ledger.submitMany(noops(8_000));
    await projected.projector.start();
    await untilFilling(projected, 2_000);
    await projected.projector.stop();
    const half = await projected.client.dbsize();
    const rival = await openRival(projected);
    expect(rival.projector.status()).toMatchObject({ rebuilds: 0 });
    expect(rival.projector.status().valuesRebuilt).toBeLessThanOrEqual(24_000 - half + 1);
    await untilAgree(rival);
  });
});

describe("a Redis that stops", () => {
  it("and starts empty is filled again, and jobs continue meanwhile", async () => {
    const projected = await openProjected();
    const first = await submitNoop(projected);
    await untilVersion(projected, first.id, 1);
    await projected.server.stop();
    await waitFor(() => !projected.redis.isUp, { what: "the outage to be seen" });
    expect(projected.redis.downSince).toMatch(/^\d{4}-/);
    const load = await startLoad(projected);
    await waitFor(
      async () => {
        const { rows } = await projected.database.query(
          "select from lockstep.jobs where status = 'completed'",
        );
        return rows.length > 50;
      },
      { what: "jobs to complete without Redis" },
    );
    await load.finish();
    expect(await projected.cache.get(first.id)).toEqual({ state: "unknown" });
    await projected.server.start();
    await untilAgree(projected);
    expect(projected.redis.downSince).toBeNull();
  });

  it.each([
    ["a moment ago", false],
    ["before PostgreSQL stored the position of the copy", true],
  ])("and comes back with its data from %s catches up", async (_when, untilStored) => {
    const projected = await openProjected();
    const worker = await registerWorker(projected);
    const old = await submitNoop(projected);
    await untilVersion(projected, old.id, 1);
    const { position } = await cursor(projected);
    await projected.client.save();
    await settle(projected, await claimOne(projected, worker), completed());
    await untilVersion(projected, old.id, 3);
    if (untilStored)
      await waitFor(async () => (await cursor(projected)).position !== position, {
        what: "the cursor to be stored",
      });
    await projected.server.kill();
    await projected.server.start();
    expect(await shownValue(projected, old.id)).toMatchObject({ version: 1, status: "pending" });
    await untilAgree(projected);
    expect(await shownValue(projected, old.id)).toMatchObject({ version: 3, status: "completed" });
  });
});

async function cursor({ database }: Projected): Promise<{ position: string }> {
  const { rows } = await database.query<{ position: string }>(
    "select position from lockstep.feed_cursors where name = 'projection'",
  );
  return rows[0]!;
}

describe("a Redis that is full", () => {
  it("does not affect jobs, shows nothing stale, and is complete again once there is room", async () => {
    const projected = await openProjected();
    const worker = await registerWorker(projected);
    const { id } = await submitNoop(projected);
    await untilVersion(projected, id, 1);
    await projected.client.config("SET", "maxmemory-policy", "noeviction");
    await projected.client.config("SET", "maxmemory", "1mb");
    await settle(projected, await claimOne(projected, worker), completed());
    await projected.ledger.submitMany(noops(100));
    await waitFor(async () => (await shownValue(projected, id)) === null, {
      what: "the old value to be taken away",
    });
    expect(await projected.ledger.get(id)).toMatchObject({ status: "completed", version: 3 });
    expect(await projected.cache.get(id)).toEqual({ state: "unknown" });
    await projected.client.config("SET", "maxmemory", "0");
    await untilAgree(projected);
  });
});

describe("a Redis that is slow", () => {
  it("does not slow down submit, claim and settle, and the cache answers that it does not know", async () => {
    const projected = await openProjected();
    const worker = await registerWorker(projected);
    const { id } = await submitNoop(projected);
    await untilVersion(projected, id, 1);
    projected.server.stall();
    expect(await projected.cache.get(id)).toEqual({ state: "unknown" });
    for (let n = 0; n < 20; n++) {
      await settle(projected, await claimOne(projected, worker), completed());
      await submitNoop(projected);
    }
    // If anything had waited for Redis, it would still be waiting.
    projected.server.proceed();
    await untilAgree(projected);
  });
});

describe("a damaged record in Redis", () => {
  it.each(["", "nonsense", '{"generation":1}'])(
    "with the value %j makes the projector rebuild the copy",
    async (text) => {
      const projected = await openProjected();
      const { id } = await submitNoop(projected);
      await untilVersion(projected, id, 1);
      await projected.client.set("lockstep:generation", text);
      await waitFor(() => projected.projector.status().rebuilds === 2, { what: "the rebuild" });
      await untilState(projected, "current");
      await untilAgree(projected);
    },
  );
});
