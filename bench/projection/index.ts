import { writeFile } from "node:fs/promises";
import { Redis as RedisClient } from "ioredis";
import { type Postgres, startPostgres } from "../../tests/servers/postgres.js";
import { type Redis, startRedis } from "../../tests/servers/redis.js";
import { processByWorker, submitInBatches } from "../ledger/load.js";
import { openSubject, type Subject } from "../ledger/subject.js";
import { type Figures, machine, medians, printFigures } from "../report.js";
import { startProjectorChild } from "./projector-child.js";

export interface ProjectionOptions {
  readonly jobs: number;
  readonly rounds: number;
  readonly json?: string;
}

/**
 * Processing with the projection on and off, and the rebuild after Redis was emptied, in
 * interleaved rounds.
 */
export async function benchProjection(options: ProjectionOptions): Promise<void> {
  const server = await startPostgres({ settings: { shared_buffers: "1GB", max_wal_size: "8GB" } });
  const redis = await startRedis();
  try {
    const rounds: Figures[] = [];
    for (let round = 1; round <= options.rounds; round++) {
      console.error(`round ${round} of ${options.rounds}, ${options.jobs} jobs in each measurement`);
      rounds.push(await oneRound(server, redis, options.jobs));
    }
    const results = { projection: medians(rounds) };
    printFigures(results, options.rounds);
    if (options.json)
      await writeFile(
        options.json,
        `${JSON.stringify({ at: new Date().toISOString(), machine: machine(), options, results, rounds }, null, 2)}\n`,
      );
  } finally {
    await redis.remove();
    await server.remove();
  }
}

async function oneRound(server: Postgres, redis: Redis, jobs: number): Promise<Figures> {
  const off = await onFresh(server, async (subject) => {
    await submitInBatches(subject, jobs);
    return (await processByWorker(subject, jobs)).perSecond;
  });
  return await onFresh(server, (subject) => withProjection(subject, redis, jobs, off));
}

async function withProjection(subject: Subject, redis: Redis, jobs: number, off: number): Promise<Figures> {
  const client = new RedisClient(redis.url);
  await client.flushall();
  const child = startProjectorChild(subject.url ?? "", redis.url);
  try {
    await untilReady(client);
    await submitInBatches(subject, jobs);
    await untilCopied(subject, client, jobs);
    const on = (await processByWorker(subject, jobs)).perSecond;
    const ended = performance.now();
    await untilCopied(subject, client, jobs);
    const behindSeconds = (performance.now() - ended) / 1_000;
    const rebuildSeconds = await rebuild(client, jobs);
    const report = await child.stop();
    return {
      "processed/s, projection off": off,
      "processed/s, projection on": on,
      "  of off": on / off,
      "seconds from the last settle until every copy says completed": behindSeconds,
      "values written a job (submit, claim and settle)": report.valuesWritten / jobs,
      "jobs/s of the rebuild after FLUSHALL": jobs / rebuildSeconds,
      "projector RSS MiB at the end": report.rssMiB,
      "projector CPU microseconds a job (processing and rebuild)": (report.cpuSeconds * 1e6) / jobs,
    };
  } finally {
    child.kill();
    client.disconnect();
  }
}

/** Time from FLUSHALL until the record says that the copy is complete. */
async function rebuild(client: RedisClient, jobs: number): Promise<number> {
  const began = performance.now();
  await client.flushall();
  await untilReady(client);
  const seconds = (performance.now() - began) / 1_000;
  const keys = await client.dbsize();
  if (keys !== jobs + 1) throw new Error(`the rebuild left ${keys} keys for ${jobs} jobs and one record`);
  return seconds;
}

async function untilReady(client: RedisClient): Promise<void> {
  await until("the copy is complete", async () => {
    const record = await client.get("lockstep:generation");
    return record?.includes('"phase":"ready"') ?? false;
  });
}

/** Whether every copy has its job's last version, checked by the sums over both. */
async function untilCopied({ database }: Subject, client: RedisClient, jobs: number): Promise<void> {
  const { rows } = await database.query<{ id: string; version: number }>(
    "select id, version from lockstep.jobs order by id desc limit 1000",
  );
  await until("the newest jobs are copied", async () => {
    if ((await client.dbsize()) !== jobs + 1) return false;
    const values = await client.mget(rows.map((row) => `result:${row.id}`));
    return rows.every((row, index) => values[index]?.includes(`"version":${row.version},`));
  });
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 300_000;
  while (performance.now() < deadline) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`five minutes were not enough until ${what}`);
}

async function onFresh<T>(server: Postgres, work: (subject: Subject) => Promise<T>): Promise<T> {
  const subject = await openSubject("postgres", server);
  try {
    return await work(subject);
  } finally {
    await subject.close();
  }
}
