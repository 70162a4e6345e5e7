import { describe, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { newId } from "../../src/job/index.js";
import { claimOne, completed, registerWorker, settle, submitNoop } from "../ledger/engines.js";
import { openProjected, recordOf, untilVersion } from "./projected.js";

describe("the cache", () => {
  it("returns a job as the ledger does, but without its input, and says that it is a copy", async () => {
    const projected = await openProjected();
    const worker = await registerWorker(projected);
    const { id } = await submitNoop(projected, { tags: ["a"] });
    await settle(projected, await claimOne(projected, worker), completed({ num_poses: 3 }));
    await untilVersion(projected, id, 3);
    const answer = await projected.cache.get(id.toUpperCase());
    if (answer.state !== "hit") throw new Error("not found");
    const { input: _input, source: _source, as_of: _now, ...job } = (await projected.ledger.get(id))!;
    expect(answer.job).toEqual({
      ...job,
      source: "cache",
      as_of: expect.stringMatching(/^\d{4}-.*Z$/),
      output_omitted: false,
    });
  });

  it("returns many jobs at once, each with its own value", async () => {
    const projected = await openProjected();
    const submitted = await projected.ledger.submitMany(Array(120).fill({ kind: "noop", input: {} }));
    const ids = submitted.map(({ job }) => job.id);
    await untilVersion(projected, ids.at(-1)!, 1);
    const answers = await Promise.all(ids.map((id) => projected.cache.get(id)));
    expect(answers.map((answer) => answer.state === "hit" && answer.job.id)).toEqual(ids);
  });

  it("does not know a job that it does not have", async () => {
    const projected = await openProjected();
    expect(await projected.cache.get(newId())).toEqual({ state: "unknown" });
    expect(await projected.cache.get("not an id")).toEqual({ state: "unknown" });
  });

  it("does not know a value of another epoch, a value without a record, and a malformed value", async () => {
    const projected = await openProjected();
    const { id } = await submitNoop(projected);
    await untilVersion(projected, id, 1);
    await projected.projector.stop();
    const [record, value] = [await recordOf(projected), await projected.client.get(`result:${id}`)];
    const expectUnknown = async () => expect(await projected.cache.get(id)).toEqual({ state: "unknown" });
    expect(await projected.cache.get(id)).toMatchObject({ state: "hit" });
    for (const text of [
      "",
      "{}",
      "[]",
      value!.replace('"pending"', '"waiting"'),
      value!.replace(id, newId()),
    ]) {
      await projected.client.set(`result:${id}`, text);
      await expectUnknown();
    }
    await projected.client.set(`result:${id}`, value!);
    await projected.client.set(
      "lockstep:generation",
      JSON.stringify({ ...record, epoch: Number(record!.epoch) + 1 }),
    );
    await expectUnknown();
    await projected.client.del("lockstep:generation");
    await expectUnknown();
  });

  it("answers that it does not know while Redis is down or does not respond", async () => {
    const projected = await openProjected();
    const { id } = await submitNoop(projected);
    await untilVersion(projected, id, 1);
    projected.server.stall();
    const answers = await Promise.all(Array.from({ length: 200 }, () => projected.cache.get(id)));
    expect(answers.every((answer) => answer.state === "unknown")).toBe(true);
    await projected.server.kill();
    expect(await projected.cache.get(id)).toEqual({ state: "unknown" });
    await projected.server.start();
    await waitFor(async () => (await projected.cache.get(id)).state === "hit", {
      what: "the cache to know it again",
    });
  });
});
