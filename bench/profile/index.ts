import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Order, Sizes } from "../compare/order.js";
import { onEmptyStores, type Setup, type Stores, withServers } from "../compare/stores.js";
import { type Figures, printFigures } from "../report.js";
import { type CpuProfile, selfTimes } from "./cpu-profile.js";
import { printTable } from "./print.js";
import { availableLibraries } from "./server-libraries.js";
import { readStatements, resetStatements } from "./statements.js";
import { logEveryPlan, summedPlans } from "./trigger-times.js";
import { walByRecord, walPosition } from "./wal-records.js";

export interface ProfileOptions {
  readonly slots: number;
  readonly jobs: number;
  readonly out: string;
}

/** Jobs of the pass that logs plans, which is much slower. */
const PLANNED_JOBS = 3_000;

/**
 * Where the microseconds of a job go, for submitting and for processing: in Node.js by function, in
 * PostgreSQL by statement and by trigger, in the write-ahead log by kind of record.
 */
export async function benchProfile(options: ProfileOptions): Promise<void> {
  mkdirSync(options.out, { recursive: true });
  const settings = {
    ...availableLibraries(["pg_stat_statements", "auto_explain"]),
    "pg_stat_statements.track": "all",
    "pg_stat_statements.track_planning": "on",
    track_wal_io_timing: "on",
  };
  await withServers({ redis: false, settings }, async (setup) => {
    for (const what of ["submit", "work"] as const) {
      console.log(
        `\n== ${what === "submit" ? "Submitting in batches" : `Processing with ${options.slots} slots`}`,
      );
      await onEmptyStores(setup, (stores) => byFunctionAndStatement(setup, stores, what, options));
    }
    await onEmptyStores(setup, (stores) => byTrigger(setup, stores, options));
  });
}

function orderOf(
  { slots }: ProfileOptions,
  jobs: number,
): Pick<Order, "contender" | "concurrency" | "sizes"> {
  const sizes: Sizes = { jobs, singles: 0, latencies: 0 };
  return { contender: "lockstep", concurrency: slots, sizes };
}

async function byFunctionAndStatement(
  setup: Setup,
  stores: Stores,
  what: "submit" | "work",
  options: ProfileOptions,
): Promise<void> {
  const order = orderOf(options, options.jobs);
  if (what === "work") await stores.run({ ...order, what: "submit" });
  await resetStatements(stores.databaseUrl);
  const from = await walPosition(stores.databaseUrl);
  const cpuProfile = join(options.out, `local-${what}.cpuprofile`);
  const figures = await stores.run({ ...order, what, cpuProfile });
  const to = await walPosition(stores.databaseUrl);
  printFigures({ [what]: used(figures) }, 1);
  printTimes(readFileSync(cpuProfile, "utf8"), options.jobs, what);
  printTable(
    "PostgreSQL by statement, microseconds a job",
    await readStatements(stores.databaseUrl, options.jobs),
  );
  printTable("Write-ahead log by kind of record", walByRecord(setup.postgres, { from, to }, options.jobs));
}

function printTimes(text: string, jobs: number, what: "submit" | "work"): void {
  // The profile of the work begins after a tenth of the jobs.
  const profiled = what === "work" ? jobs * 0.9 : jobs;
  const { functions, groups } = selfTimes(JSON.parse(text) as CpuProfile, profiled);
  printTable("Node.js by group, microseconds a job (self time of the main thread)", groups);
  printTable("Node.js by function", functions.slice(0, 25));
}

/** A second pass, because a logged plan costs more than the statement. */
async function byTrigger(setup: Setup, stores: Stores, options: ProfileOptions): Promise<void> {
  const order = orderOf(options, PLANNED_JOBS);
  await stores.run({ ...order, what: "submit" });
  const since = await logEveryPlan(stores.databaseUrl, setup.postgres.logFile);
  await stores.run({ ...order, what: "work" });
  const { triggers, nodes } = summedPlans(since(), PLANNED_JOBS);
  console.log(`\n== Processing ${PLANNED_JOBS} jobs with every plan logged and timed, which is slower`);
  printTable("PostgreSQL by trigger, microseconds a job", triggers);
  printTable("PostgreSQL by step of a plan, microseconds a job (self time)", nodes.slice(0, 25));
}

function used(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value > 0));
}
