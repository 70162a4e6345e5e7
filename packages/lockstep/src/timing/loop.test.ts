import { expect, it } from "vitest";
import { createLoop } from "./loop.js";
import { pause } from "./pause.js";
import { createWakeUp } from "./wake-up.js";

const LONG_MS = 3_600_000;

/** Work that counts its runs; each run ends when the test ends it. */
function heldWork() {
  const began = createWakeUp();
  const runs: { end(nextMs: number): void; readonly stopping: AbortSignal }[] = [];
  const work = (stopping: AbortSignal): Promise<number> =>
    new Promise((resolve) => {
      runs.push({ end: resolve, stopping });
      began.signal();
    });
  const run = async (count: number) => {
    while (runs.length < count) await began.wait(LONG_MS);
    return runs[count - 1]!;
  };
  return { work, runs, run };
}

it("runs the work again after the time it returns, and at once when it is woken", async () => {
  const { work, runs, run } = heldWork();
  const loop = createLoop(work);
  loop.start();
  (await run(1)).end(0);
  (await run(2)).end(LONG_MS);
  await new Promise(setImmediate);
  loop.wake();
  (await run(3)).end(LONG_MS);
  await loop.stop();
  expect(runs).toHaveLength(3);
});

it("runs the work once more when it is woken during a run, and never twice at once", async () => {
  const { work, runs, run } = heldWork();
  const loop = createLoop(work);
  loop.start();
  const first = await run(1);
  loop.wake();
  loop.wake();
  await new Promise(setImmediate);
  expect(runs).toHaveLength(1);
  first.end(LONG_MS);
  (await run(2)).end(LONG_MS);
  await loop.stop();
  expect(runs).toHaveLength(2);
});

it("a wake-up never delays a run that is due sooner, and keeps the minimum distance between runs", async () => {
  const { work, run } = heldWork();
  const loop = createLoop(work, { wakeMsMin: 40 });
  loop.start();
  const first = await run(1);
  const beganMs = performance.now();
  loop.wake();
  first.end(LONG_MS);
  await run(2).then((second) => second.end(0));
  expect(performance.now() - beganMs).toBeGreaterThan(35);
  loop.wake();
  (await run(3)).end(LONG_MS);
  await loop.stop();
});

it("stop waits for the current run, whose signal is aborted, and may be called again", async () => {
  const { work, runs, run } = heldWork();
  const loop = createLoop(work);
  loop.start();
  const { end, stopping } = await run(1);
  let stopped = 0;
  const stops = [loop.stop(), loop.stop()].map((stop) => stop.then(() => stopped++));
  await new Promise(setImmediate);
  expect(stopped).toBe(0);
  expect(stopping.aborted).toBe(true);
  end(0);
  await Promise.all(stops);
  await loop.stop();
  loop.wake();
  await pause(3); // A timer that was due before has fired by then.
  expect(runs).toHaveLength(1);
});

it("stop before start does nothing, and a later start works", async () => {
  const { work, run } = heldWork();
  const loop = createLoop(work);
  await loop.stop();
  loop.wake();
  loop.start();
  (await run(1)).end(LONG_MS);
  await loop.stop();
});

it("a loop that is started again during its last run begins only after that run", async () => {
  const { work, runs, run } = heldWork();
  const loop = createLoop(work);
  loop.start();
  const first = await run(1);
  const stopped = loop.stop();
  loop.start();
  await pause(3); // A timer that was due before has fired by then.
  expect(runs).toHaveLength(1);
  first.end(LONG_MS);
  await stopped;
  (await run(2)).end(LONG_MS);
  await loop.stop();
});

it("a loop that waits indefinitely runs within the time of the first wake-up, not of a later one", async () => {
  const { work, runs, run } = heldWork();
  const loop = createLoop(work, { firstMs: Number.POSITIVE_INFINITY });
  loop.start();
  loop.wake(1);
  loop.wake(LONG_MS);
  const first = await run(1);
  loop.wake(LONG_MS);
  loop.wake(1);
  first.end(Number.POSITIVE_INFINITY);
  (await run(2)).end(Number.POSITIVE_INFINITY);
  await loop.stop();
  expect(runs).toHaveLength(2);
});
