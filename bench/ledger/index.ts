import { writeFile } from "node:fs/promises";
import { type Postgres, startPostgres } from "../../tests/servers/postgres.js";
import { type Figures, machine, medians, printFigures } from "../report.js";
import { idleLatency, processBare, processByWorker, submitInBatches, submitSingly } from "./load.js";
import { holdOldTransaction } from "./old-transaction.js";
import { type Engine, openSubject, type Subject } from "./subject.js";

export interface LedgerOptions {
  readonly jobs: number;
  readonly history: number;
  readonly rounds: number;
  readonly engine: string;
  readonly json?: string;
}

/** The figures of one round; each measurement has its own empty ledger. */
export async function benchLedger(options: LedgerOptions): Promise<void> {
  const engines = (["postgres", "pglite"] as const).filter(
    (engine) => options.engine === "both" || options.engine === engine,
  );
  const server = engines.includes("postgres")
    ? await startPostgres({ settings: { shared_buffers: "1GB", max_wal_size: "8GB" } })
    : null;
  try {
    const results: Record<string, Figures> = {};
    for (const engine of engines) results[engine] = await benchEngine(engine, server, options);
    printFigures(results, options.rounds);
    if (options.json)
      await writeFile(
        options.json,
        `${JSON.stringify({ at: new Date().toISOString(), machine: machine(), options, results }, null, 2)}\n`,
      );
  } finally {
    await server?.remove();
  }
}

async function benchEngine(
  engine: Engine,
  server: Postgres | null,
  options: LedgerOptions,
): Promise<Figures> {
  // Embedded runs at a fraction of the speed; a fifth of the jobs gives the same figures.
  const jobs = engine === "pglite" ? Math.ceil(options.jobs / 5) : options.jobs;
  const rounds: Figures[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    console.error(`${engine}: round ${round} of ${options.rounds}, ${jobs} jobs in each measurement`);
    rounds.push(await oneRound(engine, server, jobs));
  }
  const figures = medians(rounds);
  const history = engine === "pglite" ? Math.ceil(options.history / 10) : options.history;
  return history > 0 ? { ...figures, ...(await longRun(engine, server, history)) } : figures;
}

async function oneRound(engine: Engine, server: Postgres | null, jobs: number): Promise<Figures> {
  const fresh = <T>(work: (subject: Subject) => Promise<T>): Promise<T> => onFresh(engine, server, work);
  const submitted = await fresh((subject) => submitSingly(subject, jobs));
  const bare = await fresh(async (subject) => {
    await submitInBatches(subject, jobs);
    return processBare(subject, jobs);
  });
  const worked = await fresh(async (subject) => {
    const batches = await submitInBatches(subject, jobs);
    const before = await walBytes(subject);
    const processed = await processByWorker(subject, jobs);
    return { batches, ...processed, wal: ((await walBytes(subject)) - before) / jobs };
  });
  const latency = await fresh((subject) => idleLatency(subject, 300));
  const old = engine === "postgres" ? await underOldTransaction(fresh, jobs) : Number.NaN;
  return {
    "submit/s, 64 callers, one at a time": submitted,
    "submit/s, batches of 1,000": worked.batches,
    "processed/s, bare turn": bare,
    "processed/s, one worker of 100 slots": worked.perSecond,
    "  of the bare turn": worked.perSecond / bare,
    "processed/s, old transaction open": old,
    "  of itself without": old / worked.perSecond,
    "submit to start p50 ms": latency.startP50Ms,
    "submit to start p99 ms": latency.startP99Ms,
    "claim to settled p50 ms": latency.settledP50Ms,
    "claim to settled p99 ms": latency.settledP99Ms,
    "WAL bytes a job (claim and settle)": worked.wal,
    "round trips a job (claim and settle)": worked.roundTripsPerJob,
  };
}

async function underOldTransaction(
  fresh: <T>(work: (subject: Subject) => Promise<T>) => Promise<T>,
  jobs: number,
): Promise<number> {
  return fresh(async (subject) => {
    const release = await holdOldTransaction(subject.url ?? "");
    try {
      await submitInBatches(subject, jobs);
      return (await processByWorker(subject, jobs)).perSecond;
    } finally {
      await release();
    }
  });
}

/** One long run: whether the speed stays the same, and whether the memory stays flat. */
async function longRun(engine: Engine, server: Postgres | null, jobs: number): Promise<Figures> {
  console.error(`${engine}: ${jobs} jobs in one go`);
  return onFresh(engine, server, async (subject) => {
    await submitInBatches(subject, jobs);
    const { perSecond, rssMiBBefore, rssMiBAfter } = await processByWorker(subject, jobs);
    const name = jobs.toLocaleString("en");
    return {
      [`processed/s over ${name} jobs`]: perSecond,
      [`RSS MiB before ${name} jobs`]: rssMiBBefore,
      [`RSS MiB after ${name} jobs`]: rssMiBAfter,
    };
  });
}

async function onFresh<T>(
  engine: Engine,
  server: Postgres | null,
  work: (subject: Subject) => Promise<T>,
): Promise<T> {
  const subject = await openSubject(engine, server);
  try {
    return await work(subject);
  } finally {
    await subject.close();
  }
}

async function walBytes({ database }: Subject): Promise<number> {
  const { rows } = await database.query<{ bytes: number }>(
    "select (pg_current_wal_lsn() - '0/0')::double precision as bytes",
  );
  return rows[0]?.bytes ?? Number.NaN;
}
