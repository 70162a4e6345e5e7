import { describe, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import {
  type Bench,
  claimOne,
  completed,
  failed,
  registerWorker,
  settle,
  submitNoop,
} from "../ledger/engines.js";
import { openProjected, shownValue, untilAgree, untilVersion } from "./projected.js";
import { scripts } from "./scripts.js";

async function runNoop(bench: Bench, outcome: ReturnType<typeof completed>): Promise<string> {
  const worker = await registerWorker(bench);
  const { id } = await submitNoop(bench);
  await settle(bench, await claimOne(bench, worker), outcome);
  return id;
}

describe("the value of a job in Redis", () => {
  it("shows a completed job as the API does, with its results", async () => {
    const projected = await openProjected();
    const id = await runNoop(projected, completed({ scores: [-7.1, -6.9], text: 'a "b" \u2028 \\ ü' }));
    const value = await untilVersion(projected, id, 3);
    const {
      input: _input,
      output,
      id: _id,
      source: _source,
      as_of: _asOf,
      error: _error,
      ...job
    } = (await projected.ledger.get(id))!;
    expect(value).toMatchObject({ job_id: id, ...job, results: output });
    expect(Object.keys(value).slice(0, 4)).toEqual(["job_id", "status", "version", "epoch"]);
    expect(value.as_of).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it("shows a failed job with its error, and a pending one without output or error", async () => {
    const projected = await openProjected();
    const id = await runNoop(projected, failed(null, "exit 137"));
    expect(await untilVersion(projected, id, 3)).toMatchObject({
      status: "failed",
      error: { message: "exit 137", attempt: 1 },
    });
    const pending = await submitNoop(projected, { queue: "q", tags: ["a", 'b"'], unique_key: "u" });
    const value = await untilVersion(projected, pending.id, 1);
    expect(value).toMatchObject({ status: "pending", queue: "q", tags: ["a", 'b"'], unique_key: "u" });
    expect(value).not.toHaveProperty("results");
    expect(value).not.toHaveProperty("error");
  });

  it("leaves out an output over a mebibyte, and says so; one just below the limit is complete", async () => {
    const projected = await openProjected();
    const large = await runNoop(projected, completed("x".repeat(1_100_000)));
    const whole = await runNoop(projected, completed("y".repeat(1_000_000)));
    const value = await untilVersion(projected, large, 3);
    expect(value).toMatchObject({ status: "completed", results_omitted: true });
    expect(value).not.toHaveProperty("results");
    expect((await untilVersion(projected, whole, 3)).results).toBe("y".repeat(1_000_000));
    expect(await projected.cache.get(large)).toMatchObject({
      state: "hit",
      job: { output: null, output_omitted: true },
    });
  });

  it("is kept for a week after the job has finished, and without limit until then", async () => {
    const projected = await openProjected();
    const id = await runNoop(projected, completed());
    const { id: pending } = await submitNoop(projected);
    await untilVersion(projected, id, 3);
    await untilVersion(projected, pending, 1);
    expect(await projected.client.ttl(`result:${id}`)).toSatisfy(
      (seconds: number) => seconds > 604_800 - 300 && seconds <= 604_800,
    );
    expect(await projected.client.ttl(`result:${pending}`)).toBe(-1);
    await projected.ledger.requeue(id, { actor: "me" });
    await untilVersion(projected, id, 4);
    expect(await projected.client.ttl(`result:${id}`)).toBe(-1);
  });

  it("expires, and a rebuild does not bring it back", async () => {
    const projected = await openProjected({ ttlSeconds: 1 });
    const id = await runNoop(projected, completed());
    const { id: pending } = await submitNoop(projected);
    await untilVersion(projected, pending, 1);
    await waitFor(async () => (await shownValue(projected, id)) === null, { what: "the value to expire" });
    await projected.client.flushall();
    await untilVersion(projected, pending, 1);
    expect(await shownValue(projected, id)).toBeNull();
  });

  it("changes with a transition, but not with progress alone", async () => {
    const projected = await openProjected();
    const worker = await registerWorker(projected);
    const { id } = await submitNoop(projected);
    const job = await claimOne(projected, worker);
    await untilVersion(projected, id, 2);
    await projected.ledger.report(worker, [
      { job_id: id, attempt: job.attempt, progress: { fraction: 0.5, message: "half" }, logs: [] },
    ]);
    expect((await projected.ledger.get(id))?.progress).toMatchObject({ fraction: 0.5 });
    const other = await submitNoop(projected);
    await untilVersion(projected, other.id, 1);
    expect(await shownValue(projected, id)).toMatchObject({ version: 2, progress: null });
    await projected.ledger.cancel(id, { actor: "me" });
    expect(await untilVersion(projected, id, 3)).toMatchObject({
      progress: { fraction: 0.5, message: "half" },
    });
  });
});

describe("the projection", () => {
  it("shows with KEYS result:* the same jobs as the list", async () => {
    const projected = await openProjected();
    for (let n = 0; n < 5; n++) await runNoop(projected, completed());
    await projected.ledger.submitMany(Array(2_500).fill({ kind: "noop", input: {} }));
    await untilAgree(projected);
    expect(await projected.client.keys("result:*")).toHaveLength(2_505);
  });

  it("rejects an older version that is written after a newer one", async () => {
    const projected = await openProjected();
    const id = await runNoop(projected, completed());
    const newest = await untilVersion(projected, id, 3);
    await projected.projector.stop();
    // The projector dies before it can save its position, and the next one delivers the old pages
    // again.
    const record = JSON.parse((await projected.client.get("lockstep:generation"))!) as { epoch: number };
    const older = JSON.stringify({ ...newest, status: "running", version: 2 });
    const write = (epoch: number, version: number, value: string) =>
      projected.client.eval(scripts.apply, 1, `result:${id}`, epoch, version, "", value);
    expect(await write(record.epoch, 2, older)).toEqual([0]);
    expect(await write(record.epoch, 3, older)).toEqual([0]);
    expect(await shownValue(projected, id)).toEqual(newest);
    expect(await write(record.epoch - 1, 9, older)).toEqual([record.epoch]);
    expect(await shownValue(projected, id)).toEqual(newest);
    expect(await write(record.epoch + 1, 1, older)).toEqual([1]);
    expect(await shownValue(projected, id)).toMatchObject({ version: 2 });
  });

  it("checks the version of each value separately when several are written together", async () => {
    const projected = await openProjected();
    const ids = [await runNoop(projected, completed()), await runNoop(projected, completed())];
    for (const id of ids) await untilVersion(projected, id, 3);
    await projected.projector.stop();
    const { epoch } = JSON.parse((await projected.client.get("lockstep:generation"))!) as { epoch: number };
    const keys = [...ids, "new", "over"].map((id) => `result:${id}`);
    const args = [2, "", "older", 4, "", "newer", 1, "60000", "for a minute", 9, "0", ""];
    expect(await projected.client.eval(scripts.apply, 4, ...keys, epoch, ...args)).toEqual([0, 1, 1, 1]);
    expect(JSON.parse((await projected.client.get(keys[0]!))!)).toMatchObject({ version: 3 });
    expect(await projected.client.mget(keys.slice(1))).toEqual(["newer", "for a minute", null]);
    expect(await projected.client.pttl(keys[2]!)).toBeGreaterThan(0);
  });

  it("publishes every transition, grouped by job, with many in one message", async () => {
    const projected = await openProjected();
    const seen = new Map<string, [number, string][]>();
    let messages = 0;
    const subscriber = projected.client.duplicate();
    await subscriber.subscribe("lockstep:changes");
    subscriber.on("message", (_channel, text: string) => {
      messages++;
      const { jobs } = JSON.parse(text) as { jobs: Record<string, [number, string][]> };
      for (const [id, versions] of Object.entries(jobs)) seen.set(id, [...(seen.get(id) ?? []), ...versions]);
    });
    try {
      const id = await runNoop(projected, completed());
      await projected.ledger.submitMany(Array(1_000).fill({ kind: "noop", input: {} }));
      await waitFor(() => seen.size === 1_001, { what: "every change" });
      expect(seen.get(id)).toEqual([
        [1, "pending"],
        [2, "running"],
        [3, "completed"],
      ]);
      expect(messages).toBeLessThan(20);
    } finally {
      subscriber.disconnect();
    }
  });

  it("uses only its own prefix, so that two systems can share a Redis", async () => {
    const projected = await openProjected({ prefix: "shop:result:" });
    await projected.client.set("result:foreign", "not ours");
    const { id } = await submitNoop(projected);
    await waitFor(() => projected.client.exists(`shop:result:${id}`), { what: "the value" });
    expect((await projected.client.keys("*")).sort()).toEqual(
      ["result:foreign", "shop:lockstep:generation", `shop:result:${id}`].sort(),
    );
    expect(await projected.cache.get(id)).toMatchObject({ state: "hit", job: { id } });
  });

  it("loses, in a rebuild, the values of jobs that the ledger no longer has", async () => {
    const projected = await openProjected();
    const { id } = await submitNoop(projected);
    await untilVersion(projected, id, 1);
    await projected.projector.stop();
    await projected.ledger.cancel(id, { actor: "me" });
    await projected.database.query("delete from lockstep.jobs where id = $1", [id]);
    await projected.client.set("lockstep:generation", "somebody wrote over it");
    await projected.projector.start();
    await untilAgree(projected);
    expect(await shownValue(projected, id)).toBeNull();
  });
});
