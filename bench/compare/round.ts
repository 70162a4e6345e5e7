import { holdOldTransaction } from "../ledger/old-transaction.js";
import type { Figures } from "../report.js";
import type { Contender } from "./contender.js";
import type { Sizes } from "./order.js";
import { onEmptyStores, redisBytes, type Setup } from "./stores.js";

/** Measures one contender on empty stores. */
export async function measureOnce(
  setup: Setup,
  name: string,
  { uses }: Contender,
  { sizes, concurrency }: { readonly sizes: Sizes; readonly concurrency: number },
): Promise<Figures> {
  const order = { contender: name, concurrency, sizes };
  const throughput = await onEmptyStores(setup, async ({ run }) => {
    const before = uses.redis && setup.redis ? await redisBytes(setup.redis) : 0;
    const submitted = await run({ ...order, what: "submit" });
    const worked = await run({ ...order, what: "work" });
    const jobs = sizes.jobs + sizes.singles;
    const redis =
      uses.redis && setup.redis
        ? { "Redis bytes a job": ((await redisBytes(setup.redis)) - before) / jobs }
        : {};
    return { ...worked, ...submitted, ...redis };
  });
  const latency = await onEmptyStores(setup, ({ run }) => run({ ...order, what: "latency" }));
  return { ...throughput, ...latency };
}

/** The same load while another session holds a transaction open that has read and written. */
export async function measureUnderOldTransaction(
  setup: Setup,
  name: string,
  { sizes, concurrency }: { readonly sizes: Sizes; readonly concurrency: number },
): Promise<Figures> {
  const order = { contender: name, concurrency, sizes };
  return await onEmptyStores(setup, async ({ databaseUrl, run }) => {
    const release = await holdOldTransaction(databaseUrl);
    try {
      await run({ ...order, what: "submit" });
      const figures = await run({ ...order, what: "work" });
      return { "processed/s, old transaction open": figures["processed/s"] ?? Number.NaN };
    } finally {
      await release();
    }
  });
}
