import pg from "pg";
import { fillWithFinished } from "../ledger/finished.js";
import { holdOldTransaction } from "../ledger/old-transaction.js";
import { type Figures, quantile } from "../report.js";
import type { Contender } from "./contender.js";
import type { Subject } from "./index.js";
import { onEmptyStores, redisBytes, type Setup, type Stores } from "./stores.js";

const COMMITS = 300;

/** Measures one case on empty stores. */
export async function measureCase(setup: Setup, subject: Subject): Promise<Figures> {
  const { measured, sizes, contender } = subject;
  const { uses } = contender;
  const order = { contender: measured.contender, concurrency: measured.slots, sizes };
  const figures = await onEmptyStores(setup, (stores) => measureThroughput(setup, stores, subject));
  const used = Object.fromEntries(Object.entries(figures).filter(([name]) => isOf(name, uses)));
  if (measured.onlyProcessing) return used;
  const latency = await onEmptyStores(setup, ({ run }) => run({ ...order, what: "latency" }));
  const opening =
    measured.contender === "lockstep-embedded"
      ? await onEmptyStores(setup, ({ run }) => run({ ...order, what: "opening" }))
      : {};
  return { ...used, ...latency, ...opening };
}

async function measureThroughput(
  setup: Setup,
  { databaseUrl, run }: Stores,
  { measured, sizes, contender: { uses }, finished }: Subject,
): Promise<Figures> {
  const order = { contender: measured.contender, concurrency: measured.slots, sizes };
  if (finished > 0) {
    await run({ ...order, what: "submit", sizes: { jobs: 0, singles: 0, latencies: 0 } });
    await fillWithFinished(databaseUrl, finished);
  }
  const release = measured.oldTransaction ? await holdOldTransaction(databaseUrl) : async () => undefined;
  const before = await bytesInRedis(setup, uses.redis);
  try {
    const submitted = await run({ ...order, what: "submit" });
    const worked = await run({ ...order, what: "work" });
    const redis = ((await bytesInRedis(setup, uses.redis)) - before) / (sizes.jobs + sizes.singles);
    return { ...worked, ...submitted, "Redis bytes a job": redis };
  } finally {
    await release();
  }
}

/** How long a durable commit of one row takes on this machine, in milliseconds: the median. */
export async function measureCommit(setup: Setup): Promise<number> {
  return await onEmptyStores(setup, async ({ databaseUrl }) => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query("create table one (n integer not null)");
    const times: number[] = [];
    for (let n = 0; n < COMMITS; n++) {
      const began = performance.now();
      await client.query({ name: "one", text: "insert into one (n) values ($1)", values: [n] });
      times.push(performance.now() - began);
    }
    await client.end();
    return quantile(times, 0.5);
  });
}

async function bytesInRedis({ redis }: Setup, uses: boolean): Promise<number> {
  return uses && redis ? await redisBytes(redis) : Number.NaN;
}

/** Whether a figure is about a server that the contender uses, and was measured. */
function isOf(name: string, uses: Contender["uses"]): boolean {
  if (/PostgreSQL|WAL/.test(name)) return uses.postgres;
  return name.includes("Redis") ? uses.redis : true;
}
