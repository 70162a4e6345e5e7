import type { CatchUp, PlanTicks } from "../ledger/index.js";
import { type CronTimes, parseCron } from "./cron.js";

/** How many times that were missed are made up for at once with `catch_up: all`: the newest ones. */
export const CATCH_UP_MAX = 100;
/** With `catch_up: none` a time is left out when it could not be submitted for within so long. */
export const LATE_SECONDS_MAX = 30;

export interface DueTimes {
  /** Milliseconds since 1970, oldest first. */
  readonly ticks: readonly number[];
  readonly leftOut: number;
  readonly next: number | null;
}

/**
 * Which times of those that are due are submitted for, and which comes next.
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
  // More than can be made up for: from the other end, for there may be millions.
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
