import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchLease } from "./lease-watch.js";

let now = 0;
let beatAt = 0;
let events: string[] = [];
let watch: ReturnType<typeof watchLease>;

beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
  beatAt = 0;
  events = [];
  watch = watchLease({
    leaseSeconds: 30,
    ageMs: () => now - beatAt,
    onLost: () => events.push(`lost after ${now - beatAt} ms`),
    onRegained: () => events.push("regained"),
  });
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

/** Advances the clock in steps, because the watch checks every 250 ms. */
function pass(ms: number): void {
  for (const end = now + ms; now < end; ) {
    now += 50;
    vi.advanceTimersByTime(50);
  }
}

it("gives the lease up after two thirds of it without a heartbeat, well before the ledger reclaims the jobs", () => {
  pass(20_000);
  expect([events, watch.lost]).toEqual([[], false]);
  pass(1_000);
  expect([events, watch.lost]).toEqual([["lost after 20500 ms"], true]);
});

it("keeps the lease while heartbeats succeed, and regains it with the next heartbeat", () => {
  for (let beat = 0; beat < 10; beat++) {
    pass(10_000);
    beatAt = now;
  }
  expect(events).toEqual([]);
  pass(25_000);
  beatAt = now;
  pass(250);
  expect(events).toEqual(["lost after 20500 ms", "regained"]);
});

it("gives a heartbeat the time between two checks after the process was suspended", () => {
  now += 60_000;
  vi.advanceTimersByTime(250);
  expect(watch.lost).toBe(false);
  beatAt = now;
  pass(1_000);
  expect(events).toEqual([]);
});
