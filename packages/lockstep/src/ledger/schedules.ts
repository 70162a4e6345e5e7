import type { Database, Queryable } from "../database/index.js";
import { DatabaseUnavailableError, LockstepError } from "../errors.js";
import { givenFields, type Json, NAME_PATTERN, NAME_RULE, SCHEDULE_FIELDS } from "../job/index.js";
import { databaseClock } from "./database-clock.js";
import type { Submitted } from "./ledger.js";
import { newJob } from "./request.js";
import {
  type NewSchedule,
  type PlanTicks,
  type Schedule,
  type ScheduleLedger,
  type SchedulePage,
  TickError,
  type TickOutcome,
} from "./schedule.js";
import { statement } from "./statements.js";
import type { Submitter } from "./submit.js";
import type { WakeUpBus } from "./wake-up-bus.js";

const LIST_MAX = 1_000;
const BEFORE_ALL = "";

type DueSchedule = Schedule & { readonly next_at: string };

export function createScheduleLedger(
  database: Database,
  wakeUps: WakeUpBus,
  submitter: Submitter,
): ScheduleLedger {
  const read = async (name: string | null, after: string, limit: number) =>
    (await database.query<Schedule>(statement("get_schedules"), [name, after, limit])).rows;
  const get = async (name: string) =>
    NAME_PATTERN.test(name) ? ((await read(name, BEFORE_ALL, 1))[0] ?? null) : null;
  const now = () => databaseClock(database);
  const named = (name: string) => (NAME_PATTERN.test(name) ? name : notFound(name));
  const existing = async (name: string) => (await get(name)) ?? notFound(name);

  return {
    get,
    now,
    add: (schedule) => addSchedule(database, schedule),
    async list({ after = BEFORE_ALL, limit = LIST_MAX } = {}): Promise<SchedulePage> {
      const most = Math.min(LIST_MAX, Math.max(1, limit));
      const rows = await read(null, after, most + 1);
      const schedules = rows.slice(0, most);
      return { schedules, next: rows.length > most ? (schedules.at(-1)?.name ?? null) : null };
    },
    async remove(name) {
      const { rows } = await database.query(statement("delete_schedule"), [named(name)]);
      if (rows.length === 0) notFound(name);
    },
    async pause(name) {
      const { rows } = await database.query<Schedule>(statement("pause_schedule"), [named(name)]);
      return rows[0] ?? notFound(name);
    },
    async resume(name, nextAt) {
      const schedule = await existing(name);
      if (schedule.paused_at !== null)
        await database.query(statement("resume_schedule"), [name, nextAt(schedule, await now())]);
      return await existing(name);
    },
    async dueInMs(except) {
      const { rows } = await database.query<{ due_in_ms: number | null }>(statement("next_due"), [except]);
      return rows[0]?.due_in_ms ?? null;
    },
    async tick(plan, except) {
      const ticked = await database.transaction((tx) => tickOne(tx, submitter, plan, except));
      if (ticked === null) return null;
      const { schedule, outcome } = ticked;
      const { queue, priority } = schedule;
      // On PostgreSQL the transaction itself sent the wake-ups when it committed.
      if (database.engine === "pglite") wakeUps.announce({ ready: [{ queue, priority, ready_at: null }] });
      return outcome;
    },
  };
}

function notFound(name: string): never {
  throw new LockstepError("SCHEDULE_NOT_FOUND", `There is no schedule ${JSON.stringify(name)}.`);
}

/**
 * What is submitted each time is validated like a job, so that a tick cannot fail because of its
 * content.
 */
async function addSchedule(database: Database, schedule: NewSchedule): Promise<Schedule> {
  const { name, cron, timezone, catch_up, next_at, actor } = schedule;
  if (!NAME_PATTERN.test(name)) {
    const issues = [{ pointer: "/name", detail: NAME_RULE }];
    throw new LockstepError("INVALID_INPUT", `/name ${NAME_RULE}`, { issues });
  }
  const job = newJob(requestOf(schedule), actor);
  const { rows } = await database.query<Schedule>(statement("add_schedule"), [
    name,
    job.kind,
    job.queue,
    job.inputText,
    job.priority,
    job.max_attempts,
    job.timeout_ms,
    job.unique_key,
    job.limit_key,
    job.tags,
    cron,
    timezone,
    catch_up,
    next_at,
    actor,
  ]);
  if (rows[0]) return rows[0];
  throw new LockstepError("SCHEDULE_EXISTS", `Schedule ${name} already exists.`);
}

function requestOf(schedule: NewSchedule | Schedule) {
  const { kind, input } = schedule;
  const asked = Object.fromEntries(SCHEDULE_FIELDS.map((name) => [name, schedule[name]]));
  return { ...givenFields(asked), kind, input: input as Json };
}

/**
 * Everything is in the caller's transaction: the lock, the jobs and the new time are committed
 * together or not at all.
 */
async function tickOne(
  tx: Queryable,
  submitter: Submitter,
  plan: PlanTicks,
  except: readonly string[],
): Promise<{ schedule: DueSchedule; outcome: TickOutcome } | null> {
  const { rows } = await tx.query<DueSchedule & { now: string }>(statement("due_schedule"), [except]);
  const [row] = rows;
  if (row === undefined) return null;
  const { now, ...schedule } = row;
  try {
    const planned = plan(schedule, Date.parse(now));
    const answers: (Submitted | null)[] = [];
    for (const at of planned.ticks) answers.push(await submitFor(tx, submitter, schedule, at));
    const jobs = answers.map((answer) => answer?.job.id ?? null);
    const submitted = answers.filter((answer) => answer?.deduplicated === null).length;
    await advance(tx, schedule, { ...planned, jobs });
    return { schedule, outcome: { ...planned, name: schedule.name, jobs, submitted } };
  } catch (error) {
    // The loop continues with the other schedules, unless the database is unavailable.
    throw error instanceof DatabaseUnavailableError ? error : new TickError(schedule.name, error);
  }
}

/**
 * @returns null when the key belongs to a job with other content: an earlier schedule of this name
 *   already submitted for this time
 */
async function submitFor(
  tx: Queryable,
  submitter: Submitter,
  schedule: DueSchedule,
  at: string,
): Promise<Submitted | null> {
  const request = { ...requestOf(schedule), idempotency_key: `schedule:${schedule.name}:${at}` };
  const options = { tx: { query: (text: string, values?: unknown[]) => tx.query<unknown>(text, values) } };
  try {
    return await submitter.submit(request, { ...options, actor: `schedule:${schedule.name}` });
  } catch (error) {
    if (error instanceof LockstepError && error.code === "IDEMPOTENCY_MISMATCH") return null;
    throw error;
  }
}

async function advance(
  tx: Queryable,
  schedule: DueSchedule,
  { ticks, jobs, next_at }: Pick<TickOutcome, "ticks" | "jobs" | "next_at">,
): Promise<void> {
  const { rows } = await tx.query(statement("advance_schedule"), [
    schedule.name,
    schedule.next_at,
    next_at,
    ticks.at(-1) ?? null,
    jobs.findLast((job) => job !== null) ?? null,
  ]);
  if (rows.length === 0)
    throw new Error(`the next time of schedule ${schedule.name} is not later than ${schedule.next_at}`);
}
