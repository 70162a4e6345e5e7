import pg from "pg";
import { describe, expect, it } from "vitest";
import { DEADLINE_MS } from "../../../../tests/runner/deadline.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import type { ReadyWakeUp } from "../../src/ledger/index.js";
import { submitNoop } from "../ledger/engines.js";
import { openProjected, openRival, type Projected } from "./projected.js";

/** Two processes; the second one listens to wake-ups. */
async function two(): Promise<{ first: Projected; second: Projected; heard: ReadyWakeUp[] }> {
  const first = await openProjected({ start: false });
  const second = await openRival(first, { start: false });
  const heard: ReadyWakeUp[] = [];
  let listening = false;
  second.ledger.wakeUps.onChange(() => {
    listening = true;
  });
  second.ledger.wakeUps.onReady((wakeUp) => heard.push(wakeUp));
  await waitFor(() => listening, { what: "the subscription" });
  return { first, second, heard };
}

/** Counts what goes through NOTIFY while `work` runs. */
async function notifications({ url }: Projected, work: () => Promise<unknown>): Promise<number> {
  const client = new pg.Client({ connectionString: url ?? "" });
  await client.connect();
  let count = 0;
  client.on("notification", () => count++);
  await client.query("listen lockstep");
  await work();
  // Every notification sent before this answer has arrived with it.
  await client.query("select 1");
  await client.end();
  return count;
}

describe("wake-ups over Redis", () => {
  it("reach another process without the database", async () => {
    const { first, heard } = await two();
    const notified = await notifications(first, async () => {
      await submitNoop(first, { queue: "urgent" });
      await waitFor(() => heard.some((wakeUp) => wakeUp.queue === "urgent"), { what: "the wake-up" });
    });
    expect(notified).toBe(0);
  });

  it("are merged, and carry no inputs", async () => {
    const { first, heard } = await two();
    let messages = 0;
    const subscriber = first.client.duplicate();
    await subscriber.subscribe("lockstep:hints");
    subscriber.on("message", (_channel, text: string) => {
      messages++;
      expect(text).not.toContain("secret");
    });
    try {
      await Promise.all(Array.from({ length: 300 }, () => submitNoop(first, { input: "secret" })));
      await waitFor(() => heard.length > 0 && messages > 0, { what: "a wake-up" });
      expect(messages, "for 300 jobs").toBeLessThan(300);
    } finally {
      subscriber.disconnect();
    }
  });

  it("for a job submitted in the caller's transaction are sent at its commit", async () => {
    const { first, heard } = await two();
    const client = new pg.Client({ connectionString: first.url ?? "" });
    await client.connect();
    await client.query("begin");
    await first.ledger.submit({ kind: "noop", input: {}, queue: "mine" }, { tx: client });
    expect(heard.some((wakeUp) => wakeUp.queue === "mine")).toBe(false);
    await client.query("commit");
    await client.end();
    await waitFor(() => heard.some((wakeUp) => wakeUp.queue === "mine"), { what: "the wake-up" });
  });

  it("that cannot be parsed are treated as a gap", async () => {
    const { first, second, heard } = await two();
    let changes = 0;
    second.ledger.wakeUps.onChange(() => changes++);
    for (const text of ["", "{", '{"from":"x","ready":[{"queue":1}],"recall":[]}'])
      await first.client.publish("lockstep:hints", text);
    await waitFor(() => changes >= 3, { what: "three gaps" });
    expect(heard).toEqual([]);
  });

  it("that are lost do no harm: a caller that waits for a job polls", async () => {
    const { first, second } = await two();
    await first.server.stop();
    const { id } = await submitNoop(first);
    const waiting = second.ledger.wait(id, { timeoutMs: DEADLINE_MS });
    await first.ledger.cancel(id, { actor: "me" });
    expect(await waiting).toMatchObject({ status: "cancelled" });
  });
});
