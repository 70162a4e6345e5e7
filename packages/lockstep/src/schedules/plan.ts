import type { CatchUp, PlanTicks } from "../ledger/index.js";
import { type CronTimes, parseCron } from "./cron.js";

/** How many missed times are submitted at once with `catch_up: all`: the newest ones. */
export const CATCH_UP_MAX = 100;
/** With `catch_up: none` a time is skipped when it is late by more than this. */
export const LATE_SECONDS_MAX = 30;

export interface DueTimes {
  /** Milliseconds since 1970, oldest first. */
  readonly ticks: readonly number[];
  readonly leftOut: number;
  readonly next: number | null;
}

/**
 * Decides which of the due times are submitted, and which time is next.
 * @param options.dueMs the time that is due, not later than `nowMs`
 */
export function dueTimes(
  times: CronTimes,
  options: { readonly dueMs: number; readonly nowMs: number; readonly catchUp: CatchUp },
): DueTimes {
  const { nowMs, catchUp } = options;
  const due: number[] = [];
  let next: number | null = options.dueMs;
  while (next !== null && next <= nowMs && due.length <= CATCH_UP_MAX) {
    due.push(next);
    next = times.next(next);
  }
  if (next === null || next > nowMs) return { ...chosen(due, catchUp, nowMs), next };
  // More than the limit: go backwards from the end, because there may be millions.
  const newest = times.newest(CATCH_UP_MAX, nowMs);
  const { ticks } = chosen(newest, catchUp, nowMs);
  return { ticks, leftOut: due.length - ticks.length, next: times.next(nowMs) };
}

function chosen(due: readonly number[], catchUp: CatchUp, nowMs: number): Omit<DueTimes, "next"> {
  const ticks = {
    none: () => due.slice(-1).filter((time) => nowMs - time <= LATE_SECONDS_MAX * 1_000),
    one: () => due.slice(-1),
    all: () => due.slice(-CATCH_UP_MAX),
  }[catchUp]();
  return { ticks, leftOut: due.length - ticks.length };
}

/** The plan of a schedule's turn, from its own cron expression. */
export const planTicks: PlanTicks = (schedule, nowMs) => {
  const { ticks, leftOut, next } = dueTimes(parseCron(schedule.cron, schedule.timezone), {
    dueMs: Date.parse(schedule.next_at),
    nowMs,
    catchUp: schedule.catch_up,
  });
  return { ticks: ticks.map(rfc3339), leftOut, next_at: next === null ? null : rfc3339(next) };
};

export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}
