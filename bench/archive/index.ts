import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openService, type Service } from "@lockstep/server/internal/service";
import pg from "pg";
import { pino } from "pino";
import { onEmptyStores, type Stores, withServers } from "../compare/stores.js";
import { type Figures, medians, printFigures } from "../report.js";

export interface ArchiveBenchOptions {
  readonly jobs: number;
  readonly slots: number;
  readonly rounds: number;
}

/**
 * How fast finished jobs are archived, alone and beside a worker, what the worker loses by it, and
 * what removing the feed's old changes costs.
 */
export async function benchArchive(options: ArchiveBenchOptions): Promise<void> {
  await withServers({ redis: false }, async (setup) => {
    const rounds: Figures[] = [];
    for (let round = 0; round < options.rounds; round++)
      rounds.push(await onEmptyStores(setup, (stores) => oneRound(stores, options)));
    printFigures({ archive: medians(rounds) }, options.rounds);
  });
}

async function oneRound(stores: Stores, options: ArchiveBenchOptions): Promise<Figures> {
  const order = {
    contender: "lockstep",
    concurrency: options.slots,
    sizes: { jobs: options.jobs, singles: 0, latencies: 0 },
  };
  const processed = async (): Promise<number> =>
    (await stores.run({ ...order, what: "work" }))["processed/s"] ?? Number.NaN;
  const dataDir = await mkdtemp(join(tmpdir(), "lockstep-bench-"));
  const service = await openService({
    databaseUrl: stores.databaseUrl,
    dataDir,
    leaseSeconds: 30,
    logger: pino({ level: "silent" }),
  });
  try {
    await stores.run({ ...order, what: "submit" });
    const alone = await processed();
    const archivedAlone = await archivedPerSecond(service);
    await stores.run({ ...order, what: "submit" });
    await processed();
    await stores.run({ ...order, what: "submit" });
    const [beside, archivedBeside] = await Promise.all([processed(), archivedPerSecond(service)]);
    const jobs = 3 * options.jobs;
    return {
      "processed/s": alone,
      "archived/s": archivedAlone,
      "processed/s while archiving": beside,
      "archived/s while processing": archivedBeside,
      "archived while processing, of processed alone": archivedBeside / alone,
      "processed while archiving, of processed alone": beside / alone,
      "old changes removed, microseconds a job": (await millisecondsToRemoveChanges(stores)) * (1_000 / jobs),
    };
  } finally {
    await service.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Archives every finished job. */
async function archivedPerSecond(service: Service): Promise<number> {
  const began = performance.now();
  const { archived } = await service.archive({ olderThanMs: 0 });
  return archived / ((performance.now() - began) / 1_000);
}

/** Removes every change, as the maintenance does with those of the day before. */
async function millisecondsToRemoveChanges({ databaseUrl }: Stores): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const began = performance.now();
  await client.query("delete from lockstep.changes");
  const took = performance.now() - began;
  await client.end();
  return took;
}
