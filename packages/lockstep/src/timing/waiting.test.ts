import { expect, it } from "vitest";
import { once } from "./once.js";
import { pause } from "./pause.js";
import { startTimer } from "./timer.js";
import { createWakeUp } from "./wake-up.js";
import { withDeadline } from "./with-deadline.js";

const LONG_MS = 3_600_000;
const never = new Promise<never>(() => undefined);

it("a signal ends every wait", async () => {
  const wakeUp = createWakeUp();
  const waits = [wakeUp.wait(LONG_MS), wakeUp.wait(LONG_MS)];
  wakeUp.signal();
  await Promise.all(waits);
});

it("a signal that nobody waits for ends the next wait, unless it is cleared", async () => {
  const wakeUp = createWakeUp();
  wakeUp.signal();
  await wakeUp.wait(LONG_MS);
  wakeUp.signal();
  wakeUp.clear();
  let ended = false;
  const wait = wakeUp.wait(LONG_MS).then(() => {
    ended = true;
  });
  await pause(3); // A timer that was due before has fired by then.
  expect(ended).toBe(false);
  wakeUp.signal();
  await wait;
});

it("a wait lasts at least its minimum time, whatever is signalled, and ends when it is aborted", async () => {
  const wakeUp = createWakeUp();
  const began = performance.now();
  const wait = wakeUp.wait(LONG_MS, { atLeastMs: 30 });
  wakeUp.signal();
  await wait;
  expect(performance.now() - began).toBeGreaterThan(25);
  await wakeUp.wait(LONG_MS, { signal: AbortSignal.abort() });
  const stop = new AbortController();
  const aborted = wakeUp.wait(LONG_MS, { atLeastMs: LONG_MS, signal: stop.signal });
  stop.abort();
  await aborted;
});

it("a wait ends when its time is up", async () => {
  await createWakeUp().wait(1);
  await pause(1);
});

it("a pause ends when it is aborted, which is not an error", async () => {
  const stop = new AbortController();
  const paused = pause(LONG_MS, stop.signal);
  stop.abort();
  await paused;
  await pause(LONG_MS, stop.signal);
  await pause(0);
});

it("a deadline returns the result of work that ends in time, or its error", async () => {
  const late = () => "late";
  expect(await withDeadline(Promise.resolve("in time"), { ms: LONG_MS, late })).toBe("in time");
  await expect(withDeadline(Promise.reject(new Error("broken")), { ms: LONG_MS, late })).rejects.toThrow(
    "broken",
  );
});

it("a deadline returns a value, or throws, when the time is up or the wait is aborted", async () => {
  expect(await withDeadline(never, { ms: 1, late: () => "late" })).toBe("late");
  const late = (): never => {
    throw new Error("too late");
  };
  await expect(withDeadline(never, { ms: 1, late })).rejects.toThrow("too late");
  const signal = AbortSignal.abort();
  expect(await withDeadline(never, { ms: LONG_MS, signal, late: () => "aborted" })).toBe("aborted");
  const stop = new AbortController();
  const waiting = withDeadline(never, { ms: LONG_MS, signal: stop.signal, late: () => "aborted" });
  stop.abort();
  expect(await waiting).toBe("aborted");
});

it("ignores what the work throws after its deadline", async () => {
  let fail: (error: Error) => void = () => undefined;
  const work = new Promise<string>((_resolve, reject) => {
    fail = reject;
  });
  expect(await withDeadline(work, { ms: 1, late: () => null })).toBeNull();
  fail(new Error("nobody waits for this"));
  await new Promise(setImmediate);
});

it("a timer longer than setTimeout supports does not fire at once", async () => {
  let fired = false;
  const clear = startTimer(3_000_000_000, () => {
    fired = true;
  });
  await pause(3); // A timer that was due before has fired by then.
  clear();
  expect(fired).toBe(false);
});

it("once does its work at the first call only, even when the work returns undefined", () => {
  let calls = 0;
  const first = once(() => {
    calls += 1;
  });
  first();
  first();
  expect(calls).toBe(1);
});
