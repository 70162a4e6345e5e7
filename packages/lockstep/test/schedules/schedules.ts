import type { NewSchedule, Schedule } from "../../src/ledger/index.js";
import { createSchedules } from "../../src/schedules/index.js";
import { planTicks } from "../../src/schedules/plan.js";
import { type Bench, type Engine, openBench } from "../ledger/engines.js";

/** An hourly schedule, made now. */
export function make(
  { ledger }: Bench,
  changes: Partial<Omit<NewSchedule, "next_at">> = {},
): Promise<Schedule> {
  return createSchedules(ledger.schedules).create({
    name: "hourly",
    kind: "noop",
    input: { a: 1 },
    queue: "default",
    priority: 0,
    max_attempts: 3,
    timeout_ms: null,
    unique_key: null,
    limit_key: null,
    tags: [],
    cron: "0 * * * *",
    timezone: "UTC",
    catch_up: "one",
    actor: "tester",
    ...changes,
  });
}

export async function openSchedules(engine: Engine): Promise<Bench> {
  return await openBench(engine);
}

/**
 * Makes a schedule overdue, as if no scheduler had run since. Its next time becomes the start of
 * this hour minus the interval, which is an SQL interval.
 */
export async function missed({ database }: Bench, interval: string, name = "hourly"): Promise<void> {
  await database.query(
    "update schedules set next_at = date_trunc('hour', clock_timestamp()) - $2::interval where name = $1",
    [name, interval],
  );
}

/** Runs one turn, if one is due. */
export function tick({ ledger }: Bench) {
  return ledger.schedules.tick(planTicks, []);
}

/**
 * The jobs that schedules submitted, oldest first: the times they were submitted for, from their
 * keys.
 */
export async function submittedFor({ database }: Bench): Promise<string[]> {
  const { rows } = await database.query<{ key: string }>(
    `select key from ${database.schema}.idempotency_keys where key like 'schedule:%' order by key`,
  );
  return rows.map(({ key }) => key.replace(/^schedule:[^:]+:/, ""));
}
