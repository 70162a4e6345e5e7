import { setImmediate as nextTick } from "node:timers/promises";
import { expect, it } from "vitest";
import { createKeyTurns } from "./key-turns.js";

const held = new Error("held");
const turnsOf = (atOnce: number) => createKeyTurns({ atOnce, isHeld: (error) => error === held });

it("lets work with the same key take turns, and other work run beside it", async () => {
  const turns = turnsOf(10);
  const log: string[] = [];
  const work = (name: string, ticks: number) => async () => {
    log.push(`${name} begins`);
    for (let tick = 0; tick < ticks; tick++) await nextTick();
    log.push(`${name} ends`);
  };
  await Promise.all([
    turns(["a", "b"], work("first", 50)),
    turns(["b"], work("second", 0)),
    turns(["c"], work("beside", 0)),
  ]);
  expect(log).toEqual([
    "first begins",
    "beside begins",
    "beside ends",
    "first ends",
    "second begins",
    "second ends",
  ]);
});

it("fails what waits for work whose key is held, and later work tries again", async () => {
  const turns = turnsOf(10);
  const began: string[] = [];
  const work = (name: string, result: () => Promise<string>) => () => {
    began.push(name);
    return result();
  };
  const results = [
    turns(
      ["a"],
      work("first", () => nextTick().then(() => Promise.reject(held))),
    ),
    turns(
      ["a", "b"],
      work("second", async () => "done"),
    ),
    turns(
      ["b"],
      work("third", async () => "done"),
    ),
  ];
  for (const result of results) await expect(result).rejects.toBe(held);
  expect(began).toEqual(["first"]);
  expect(
    await turns(
      ["a"],
      work("later", async () => "done"),
    ),
  ).toBe("done");
});

it("goes on after work that fails for another reason", async () => {
  const turns = turnsOf(1);
  const failing = turns(["a"], () => Promise.reject(new Error("broken")));
  const next = turns(["a"], async () => "done");
  await expect(failing).rejects.toThrow("broken");
  expect(await next).toBe("done");
});

it("has no more under way than it may", async () => {
  const turns = turnsOf(2);
  const began: string[] = [];
  const endless = (key: string) => () => {
    began.push(key);
    return new Promise<never>(() => undefined);
  };
  for (const key of ["a", "b", "c"]) void turns([key], endless(key));
  await nextTick();
  expect(began).toEqual(["a", "b"]);
});
