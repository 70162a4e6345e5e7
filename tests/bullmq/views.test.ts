import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openService } from "@lockstep/server/internal/service";
import { Redis } from "ioredis";
import { pino } from "pino";
import { expect, it } from "vitest";
import { type Setup, setUp, theRedis, untilEntry, useRedis } from "../../packages/bullmq/test/setup.js";
import { waitFor } from "../servers/wait-for.js";

useRedis();

interface Views {
  readonly agree: boolean | null;
  readonly disagree_since: string | null;
  readonly views: readonly Record<string, unknown>[];
}

/** Starts a Lockstep server beside the bridge. @returns a function that reads the views of a job */
async function serve({ url, onCleanup }: Setup, redisUrl: string | null) {
  const dataDir = await mkdtemp(join(tmpdir(), "lockstep-views-"));
  const logger = pino({ level: "silent" });
  const runtime = await openService({ databaseUrl: url, redisUrl, dataDir, leaseSeconds: 30, logger });
  onCleanup(async () => {
    await runtime.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const at = { host: "127.0.0.1", port: 0, version: "0.0.0-test" };
  const server = await runtime.startServer({ ...at, definitions: [] });
  return async (id: string) => (await (await fetch(`${server.url}/api/jobs/${id}/views`)).json()) as Views;
}

const bullmqOf = ({ views }: Views) => views.find(({ name }) => name === "bullmq");

it("BullMQ's state of a bridged job is shown beside the ledger and its copy, in BullMQ's words", async () => {
  const setup = await setUp();
  const bridge = await setup.bridge();
  const viewsOf = await serve(setup, theRedis().url);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  setup.work(bridge.processor(() => held));
  const { id } = await bridge.add("work", {});
  const running = await waitFor(
    async () => {
      const read = await viewsOf(id);
      return bullmqOf(read)?.status === "running" && read.agree === true ? read : null;
    },
    { what: "all three to say that it runs" },
  );
  expect(running.views.map(({ name }) => name)).toEqual(["ledger", "redis", "bullmq"]);
  expect(bullmqOf(running)).toMatchObject({ word: "active", version: null, why: null });
  release();
  await untilEntry(setup.queue, id, "completed");
  await waitFor(async () => (await viewsOf(id)).agree === true, { what: "all three to say completed" });

  const other = await setup.ledger.submit({ kind: "work", input: {} }, { actor: "test" });
  expect(bullmqOf(await viewsOf(other.job.id)), "of a queue that no bridge copies").toBeUndefined();
});

it("a different state in the entry is reported, since the time of the ledger's last transition", async () => {
  const setup = await setUp();
  const bridge = await setup.bridge();
  const viewsOf = await serve(setup, theRedis().url);
  setup.work(bridge.processor(() => null));
  const { id } = await bridge.add("work", {});
  await untilEntry(setup.queue, id, "completed");
  const client = new Redis(theRedis().url);
  await client.zrem(setup.queue.toKey("completed"), id);
  await client.zadd(setup.queue.toKey("failed"), 1, id);
  await client.quit();
  const read = await viewsOf(id);
  expect(read.agree).toBe(false);
  expect(bullmqOf(read)).toMatchObject({ status: "failed", word: "failed" });
  const last = (await setup.ledger.transitions(id)).at(-1);
  expect(read.disagree_since).toBe(last?.at);
});

it("a job that was cancelled while it ran has failed in BullMQ, which has no other word for it", async () => {
  const setup = await setUp();
  const bridge = await setup.bridge();
  const viewsOf = await serve(setup, theRedis().url);
  const untilAborted = (signal: AbortSignal) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  setup.work(bridge.processor((_input, ctx) => untilAborted(ctx.signal)));
  const { id } = await bridge.add("work", {});
  await untilEntry(setup.queue, id, "active");
  await waitFor(async () => (await setup.ledger.get(id))?.status === "running", { what: "running" });
  await setup.ledger.cancel(id, { actor: "test" });
  await untilEntry(setup.queue, id, "failed");
  const read = await waitFor(
    async () => {
      const views = await viewsOf(id);
      return views.agree === true ? views : null;
    },
    { what: "all three to agree" },
  );
  expect(read.views.map(({ status }) => status)).toEqual(["cancelled", "cancelled", "failed"]);
});

it("an entry that cannot be read is unknown, and the other views can still agree", async () => {
  const setup = await setUp();
  const bridge = await setup.bridge();
  const viewsOf = await serve(setup, theRedis().url);
  setup.work(bridge.processor(() => null));
  const { id } = await bridge.add("work", {}, { bullmq: { removeOnComplete: true } });
  await waitFor(async () => (await setup.ledger.get(id))?.status === "completed", { what: "completed" });
  const read = await waitFor(
    async () => {
      const views = await viewsOf(id);
      return views.agree === true && bullmqOf(views)?.state === "unknown" ? views : null;
    },
    { what: "the entry to be gone" },
  );
  expect(bullmqOf(read)).toMatchObject({ status: null, why: "it has no entry for the job" });
  const withoutRedis = await serve(setup, null);
  expect(bullmqOf(await withoutRedis(id))).toMatchObject({ why: "this server has no Redis" });
});
