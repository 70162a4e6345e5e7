import { afterEach, describe, expect, it } from "vitest";
import { DEADLINE_MS } from "../../../../tests/runner/deadline.js";
import { type Redis, type RedisOptions, startRedis } from "../../../../tests/servers/redis.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { connectRedis, type RedisConnection, type RedisConnectOptions } from "../../src/redis/index.js";
import { makeCertificate } from "./certificate.js";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: RedisOptions = {}): Promise<Redis> {
  const server = await startRedis(options);
  cleanups.push(() => server.remove());
  return server;
}

function connect(options: RedisConnectOptions): RedisConnection {
  const redis = connectRedis(options);
  cleanups.push(() => redis.close());
  return redis;
}

const elsewhere = (url: string, change: (url: URL) => void): string => {
  const changed = new URL(url);
  change(changed);
  return changed.href;
};

describe("a connection to Redis", () => {
  it("takes the user, password and database from its URL", async () => {
    const server = await start();
    const redis = connect({ url: elsewhere(server.url, (url) => (url.pathname = "/3")) });
    expect(await redis.untilUp(DEADLINE_MS)).toBe(true);
    await redis.quick.call("ACL", "SETUSER", "app", "on", ">p@ss/word", "~*", "&*", "+@all");
    await redis.quick.set("here", "3");
    const url = elsewhere(server.url, (changed) => {
      changed.username = "app";
      changed.password = encodeURIComponent("p@ss/word");
      changed.pathname = "/3";
    });
    const other = connect({ url });
    expect(await other.untilUp(DEADLINE_MS)).toBe(true);
    expect(await other.quick.get("here")).toBe("3");
    expect(await other.quick.call("ACL", "WHOAMI")).toBe("app");
  });

  it("with a wrong password is down, and reports since when", async () => {
    const server = await start();
    const redis = connect({ url: elsewhere(server.url, (url) => (url.password = "wrong")) });
    expect(await redis.untilUp(500)).toBe(false);
    expect(redis.isUp).toBe(false);
    expect(redis.downSince).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it("supports TLS with the caller's own certificate authority", async () => {
    const certificate = makeCertificate();
    cleanups.push(() => certificate.remove());
    const server = await start({ tls: certificate });
    const trusting = connect({ url: server.url, ca: certificate.ca });
    expect(await trusting.untilUp(DEADLINE_MS)).toBe(true);
    const heard: (string | null)[] = [];
    trusting.listen("news", (message) => heard.push(message));
    await waitFor(() => heard.includes(null), { what: "the subscription" });
    await trusting.quick.publish("news", "over TLS");
    await waitFor(() => heard.includes("over TLS"), { what: "the message" });
    const doubting = connect({ url: server.url });
    expect(await doubting.untilUp(1_000)).toBe(false);
    const plain = connect({ url: server.url.replace("rediss:", "redis:") });
    expect(await plain.untilUp(1_000)).toBe(false);
  });

  it("can be opened while there is no server, and connects once there is one", async () => {
    const server = await start();
    await server.stop();
    const redis = connect({ url: server.url });
    expect(await redis.untilUp(200)).toBe(false);
    await expect(redis.quick.get("x")).rejects.toThrow();
    await expect(redis.bulk.get("x")).rejects.toThrow();
    await server.start();
    expect(await redis.untilUp(DEADLINE_MS)).toBe(true);
    expect(redis.downSince).toBeNull();
    await waitFor(async () => (await redis.bulk.ping()) === "PONG", { what: "PONG" });
    expect(redis.bulkSession).toBe(1);
  });

  it("neither repeats nor delays a command whose server died", async () => {
    const server = await start();
    const redis = connect({ url: server.url });
    await redis.untilUp(DEADLINE_MS);
    await redis.quick.call("CLIENT", "PAUSE", String(DEADLINE_MS), "ALL");
    const lost = redis.quick.incr("counter").then(
      () => "done",
      () => "refused",
    );
    await server.kill();
    expect(await lost).toBe("refused");
    await server.start();
    await redis.untilUp(DEADLINE_MS);
    expect(await redis.quick.get("counter")).toBeNull();
  });

  it("receives messages again after an outage of its server, and reports the gap", async () => {
    const server = await start();
    const redis = connect({ url: server.url });
    await redis.untilUp(DEADLINE_MS);
    const heard: (string | null)[] = [];
    const stop = redis.listen("news", (message) => heard.push(message));
    await waitFor(() => heard.length === 1, { what: "the subscription" });
    await server.kill();
    await server.start();
    await waitFor(() => heard.length === 2, { what: "the gap" });
    await redis.untilUp(DEADLINE_MS);
    await redis.quick.publish("news", "again");
    await waitFor(() => heard.length === 3, { what: "the message" });
    expect(heard).toEqual([null, null, "again"]);
    stop();
    await waitFor(async () => (await redis.quick.publish("news", "unheard")) === 0, {
      what: "the subscription to end",
    });
    expect(heard).toHaveLength(3);
  });

  it("is reported as down while its server does not respond", async () => {
    const server = await start();
    const redis = connect({ url: server.url });
    await redis.untilUp(DEADLINE_MS);
    server.stall();
    await waitFor(() => !redis.isUp, { what: "the silence to be seen" });
    server.proceed();
    expect(await redis.untilUp(DEADLINE_MS)).toBe(true);
  });
});
