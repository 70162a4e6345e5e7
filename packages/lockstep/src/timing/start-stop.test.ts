import { expect, it } from "vitest";
import { createStartStop } from "./start-stop.js";
import { createWakeUp } from "./wake-up.js";

const LONG_MS = 3_600_000;

function counted(options: { readonly held?: Promise<void>; readonly fails?: () => boolean } = {}) {
  const seen: string[] = [];
  const thing = createStartStop(async (stopping) => {
    seen.push("begin");
    await options.held;
    if (options.fails?.()) throw new Error("cannot begin");
    seen.push(stopping.aborted ? "begun, to be stopped" : "begun");
    return () => void seen.push("end");
  });
  return { thing, seen };
}

it("starts once and ends once, however often start and stop are called", async () => {
  const { thing, seen } = counted();
  await Promise.all([thing.start(), thing.start()]);
  await Promise.all([thing.stop(), thing.stop()]);
  await thing.stop();
  expect(seen).toEqual(["begin", "begun", "end"]);
});

it("stop before start does nothing, and a start after a stop begins again", async () => {
  const { thing, seen } = counted();
  await thing.stop();
  await thing.start();
  await thing.stop();
  await thing.start();
  expect(seen).toEqual(["begin", "begun", "end", "begin", "begun"]);
});

it("stop during start aborts the signal of the start, waits for it and ends what it started", async () => {
  const gate = createWakeUp();
  const { thing, seen } = counted({ held: gate.wait(LONG_MS) });
  const started = thing.start();
  const stopped = thing.stop();
  gate.signal();
  await Promise.all([started, stopped]);
  expect(seen).toEqual(["begin", "begun, to be stopped", "end"]);
});

it("start during stop begins after the end", async () => {
  const { thing, seen } = counted();
  await thing.start();
  const stopped = thing.stop();
  await Promise.all([thing.start(), stopped]);
  expect(seen).toEqual(["begin", "begun", "end", "begin", "begun"]);
});

it("a start that fails rejects, leaves nothing to stop, and can be tried again", async () => {
  let failures = 1;
  const { thing, seen } = counted({ fails: () => failures-- > 0 });
  await expect(thing.start()).rejects.toThrow("cannot begin");
  await thing.stop();
  await thing.start();
  await thing.stop();
  expect(seen).toEqual(["begin", "begin", "begun", "end"]);
});

it("stop resolves when the start in progress fails", async () => {
  const gate = createWakeUp();
  const { thing } = counted({ held: gate.wait(LONG_MS), fails: () => true });
  const started = thing.start().catch(String);
  const stopped = thing.stop();
  gate.signal();
  expect(await started).toBe("Error: cannot begin");
  await stopped;
});
