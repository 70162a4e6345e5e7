import { expect, it } from "vitest";
import { type CoalesceOptions, coalesce } from "./coalesce.js";
import { createWakeUp } from "./wake-up.js";

/** A batcher whose batches end when the test ends them. */
function held(options: Partial<CoalesceOptions<number, string>> = {}) {
  const batches: { readonly items: readonly number[]; end(error?: unknown): void }[] = [];
  const ask = coalesce<number, string>({
    run: (items) =>
      new Promise((resolve, reject) => {
        const end = (error?: unknown): void =>
          error === undefined ? resolve(items.map((item) => `answer ${item}`)) : reject(error);
        batches.push({ items, end });
      }),
    batchSizeMax: 3,
    batchesMax: 1,
    ...options,
  });
  return { ask, batches };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

it("puts the items of a tick into one batch, in their order, and gives each its own answer", async () => {
  const { ask, batches } = held();
  const answers = Promise.all([ask(3), ask(1), ask(2)]);
  await tick();
  expect(batches.map(({ items }) => items)).toEqual([[3, 1, 2]]);
  batches[0]!.end();
  expect(await answers).toEqual(["answer 3", "answer 1", "answer 2"]);
});

it("limits the batches in progress and the items per batch; later items wait in order", async () => {
  const { ask, batches } = held({ batchesMax: 2 });
  const answers = Promise.all([1, 2, 3, 4, 5, 6, 7].map(ask));
  await tick();
  const late = ask(8);
  await tick();
  expect(batches.map(({ items }) => items)).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  batches[1]!.end();
  await tick();
  expect(batches[2]!.items).toEqual([7, 8]);
  for (const batch of batches) batch.end();
  expect(await answers).toHaveLength(7);
  expect(await late).toBe("answer 8");
});

it("gives the error of a batch to each of its callers, and continues with the next batch", async () => {
  const { ask, batches } = held();
  const failing = Promise.allSettled([ask(1), ask(2)]);
  await tick();
  const next = ask(3);
  batches[0]!.end(new Error("away"));
  expect((await failing).map((one) => one.status === "rejected" && String(one.reason))).toEqual([
    "Error: away",
    "Error: away",
  ]);
  await tick();
  batches[1]!.end();
  expect(await next).toBe("answer 3");
});

it("runs each item alone when one item may have caused the error", async () => {
  const tried: (readonly number[])[] = [];
  const ask = coalesce<number, number>({
    run: async (items) => {
      tried.push(items);
      if (items.includes(2)) throw new RangeError("two");
      return items;
    },
    batchSizeMax: 10,
    batchesMax: 1,
    isOfOneItem: (error) => error instanceof RangeError,
  });
  const answers = await Promise.allSettled([ask(1), ask(2), ask(3)]);
  expect(answers.map((one) => one.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(tried).toEqual([[1, 2, 3], [1], [2], [3]]);
});

it("an answer that is an error, or that takes longer, affects only its own item", async () => {
  const gate = createWakeUp();
  const later = gate.wait(3_600_000).then(() => "at last");
  const ask = coalesce<string, string>({
    run: async (items) =>
      items.map((item) => (item === "bad" ? new Error("bad") : item === "slow" ? later : item)),
    batchSizeMax: 10,
    batchesMax: 1,
  });
  const [good, bad, slow] = [ask("good"), ask("bad").catch(String), ask("slow")];
  expect(await good).toBe("good");
  expect(await bad).toBe("Error: bad");
  expect(await ask("another")).toBe("another");
  gate.signal();
  expect(await slow).toBe("at last");
});

it("rejects when a batch has fewer answers than items", async () => {
  const ask = coalesce<number, number>({ run: async () => [1], batchSizeMax: 10, batchesMax: 1 });
  await expect(Promise.all([ask(1), ask(2)])).rejects.toThrow("a batch of 2 got 1 answers");
});
