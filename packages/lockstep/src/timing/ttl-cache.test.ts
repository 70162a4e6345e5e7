import { expect, it } from "vitest";
import { createTtlCache } from "./ttl-cache.js";

function counted<Value>(value: Value): { ask: () => Promise<Value>; asked: () => number } {
  let count = 0;
  return {
    ask: async () => {
      count += 1;
      return value;
    },
    asked: () => count,
  };
}

it("asks once for concurrent and for recent questions", async () => {
  const cache = createTtlCache<number>({ milliseconds: 60_000, sizeMax: 10 });
  const question = counted(7);
  await Promise.all([cache.get("a", question.ask), cache.get("a", question.ask)]);
  expect(await cache.get("a", question.ask)).toBe(7);
  expect(question.asked()).toBe(1);
  cache.clear();
  await cache.get("a", question.ask);
  expect(question.asked()).toBe(2);
});

it("asks again once an answer is old", async () => {
  const cache = createTtlCache<number>({ milliseconds: 0, sizeMax: 10 });
  const question = counted(7);
  await cache.get("a", question.ask);
  await cache.get("a", question.ask);
  expect(question.asked()).toBe(2);
});

it("keeps neither failures nor answers that are not worth keeping", async () => {
  const cache = createTtlCache<number | null>({
    milliseconds: 60_000,
    sizeMax: 10,
    keep: (value) => value !== null,
  });
  await expect(cache.get("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
  const nothing = counted(null);
  await cache.get("a", nothing.ask);
  await cache.get("a", nothing.ask);
  expect(nothing.asked()).toBe(2);
});

it("removes the oldest answer when it is full", async () => {
  const cache = createTtlCache<number>({ milliseconds: 60_000, sizeMax: 2 });
  const question = counted(1);
  for (const key of ["a", "b", "c", "b", "a"]) await cache.get(key, question.ask);
  expect(question.asked()).toBe(4);
});

it("keeps using the last answer while nobody can be asked, for the outage time", async () => {
  const down = new Error("down");
  const outage = (milliseconds: number) => ({ milliseconds, isOne: (error: unknown) => error === down });
  const cache = createTtlCache<number>({ milliseconds: 0, sizeMax: 10, outage: outage(60_000) });
  await expect(cache.get("a", () => Promise.reject(down))).rejects.toThrow("down");
  await cache.get("a", async () => 7);
  for (let round = 0; round < 3; round++) expect(await cache.get("a", () => Promise.reject(down))).toBe(7);
  await expect(cache.get("b", () => Promise.reject(down))).rejects.toThrow("down");
  expect(await cache.get("a", async () => 8)).toBe(8);
  await expect(cache.get("a", () => Promise.reject(new Error("other")))).rejects.toThrow("other");

  const short = createTtlCache<number>({ milliseconds: 0, sizeMax: 10, outage: outage(-1) });
  await short.get("a", async () => 7);
  await expect(short.get("a", () => Promise.reject(down))).rejects.toThrow("down");
});
