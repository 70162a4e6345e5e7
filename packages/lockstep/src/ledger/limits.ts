import type { Database } from "../database/index.js";
import { type Issue, LockstepError } from "../errors.js";
import {
  isKey,
  LIMIT_COUNT_MAX,
  NAME_PATTERN,
  PRIORITY_MIN,
  RATE_MS_MAX,
  RATE_MS_MIN,
} from "../job/index.js";
import type { LimitRate, QueueLimits, SetLimit } from "./limit.js";
import { statement } from "./statements.js";
import type { WakeUpBus } from "./wake-up-bus.js";

interface LimitRow {
  readonly scope: SetLimit["scope"];
  readonly key: string;
  readonly concurrency: number | null;
  readonly rate_count: number | null;
  readonly rate_ms: number | null;
}

/** @throws LockstepError QUEUE_NOT_FOUND when the text is not a valid queue name */
export async function readLimits(database: Database, queue: string): Promise<QueueLimits> {
  requireName(queue);
  const { rows } = await database.query<LimitRow>(statement("get_limits"), [queue]);
  const limit = ({ concurrency, rate_count, rate_ms }: LimitRow) => ({
    concurrency,
    rate: rate_count === null || rate_ms === null ? null : { count: rate_count, per_ms: rate_ms },
  });
  const of = (scope: LimitRow["scope"]) => rows.find((row) => row.scope === scope);
  const [own, each] = [of("queue"), of("each_key")];
  return {
    queue,
    limit: own ? limit(own) : null,
    each_key: each ? limit(each) : null,
    keys: rows.filter((row) => row.scope === "key").map((row) => ({ key: row.key, ...limit(row) })),
  };
}

/**
 * Sets or removes one limit. The limit applies to every claim that begins after this call returns;
 * running jobs continue.
 * @returns all limits of the queue
 * @throws LockstepError QUEUE_NOT_FOUND, INVALID_INPUT
 */
export async function setLimit(
  database: Database,
  wakeUps: WakeUpBus,
  queue: string,
  limit: SetLimit,
): Promise<QueueLimits> {
  requireName(queue);
  const issues = validateLimit(limit);
  if (issues.length > 0)
    throw new LockstepError(
      "INVALID_INPUT",
      issues.map(({ pointer, detail }) => `${pointer} ${detail}`).join("; "),
      { issues },
    );
  const { scope, key = "", concurrency, rate } = limit;
  const place = [queue, scope, key];
  await database.query(statement("add_queues"), [[queue]]);
  await database.transaction(async (tx) => {
    await tx.query(statement("hold_queue"), [queue]);
    await tx.query(statement("delete_limit_starts"), [...place, rate?.per_ms ?? null]);
    await tx.query(statement("set_limit"), [
      ...place,
      concurrency,
      rate?.count ?? null,
      rate?.per_ms ?? null,
    ]);
    await tx.query(statement("mark_limited"), [queue]);
  });
  // Jobs that were held back may be before every worker's cursor.
  wakeUps.announce({ ready: [{ queue, priority: PRIORITY_MIN, ready_at: null }] });
  return readLimits(database, queue);
}

function requireName(queue: string): void {
  if (!NAME_PATTERN.test(queue))
    throw new LockstepError("QUEUE_NOT_FOUND", `${JSON.stringify(queue)} is not a valid queue name.`);
}

function validateLimit({ scope, key, concurrency, rate }: SetLimit): Issue[] {
  const rules: readonly [pointer: string, holds: boolean, detail: string][] = [
    [
      "/key",
      scope === "key" ? key !== undefined && isKey(key) : key === undefined,
      scope === "key" ? "must be a limit key" : "belongs to the scope key only",
    ],
    [
      "/concurrency",
      concurrency === null || isCount(concurrency),
      `must be null or an integer from 1 to ${LIMIT_COUNT_MAX}`,
    ],
    ["/rate", rate === null || isRate(rate), rateRule()],
  ];
  return rules.filter(([, holds]) => !holds).map(([pointer, , detail]) => ({ pointer, detail }));
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= LIMIT_COUNT_MAX;
}

function isRate({ count, per_ms }: LimitRate): boolean {
  return isCount(count) && Number.isInteger(per_ms) && per_ms >= RATE_MS_MIN && per_ms <= RATE_MS_MAX;
}

function rateRule(): string {
  return `must be null, or a count from 1 to ${LIMIT_COUNT_MAX} and per_ms from ${RATE_MS_MIN} to ${RATE_MS_MAX}`;
}
