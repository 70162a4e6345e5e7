import { Cron } from "croner";
import { type Issue, LockstepError } from "../errors.js";

const CRON_CHARACTERS_MAX = 200;
const TIMEZONE_CHARACTERS_MAX = 100;

/** The times of a cron expression in a time zone. */
export interface CronTimes {
  /**
   * The first time after an instant.
   * @returns milliseconds since 1970; null: there is none
   */
  next(afterMs: number): number | null;
  /**
   * The newest times up to an instant, oldest first.
   * @param count the maximum number of times
   */
  newest(count: number, untilMs: number): number[];
}

/**
 * Reads a cron expression: five fields (minute, hour, day of month, month, day of week), six with
 * seconds in front, seven with the year at the end, or a nickname such as `@daily`.
 *
 * If a change of the clocks skips a time of day, that time occurs when the gap ends; if a time of
 * day is repeated, it occurs once, the first time. If the hour, minute or second has a `*` or a
 * step, times follow what the clock shows: none in a gap, all in a repeated hour.
 * @throws LockstepError INVALID_INPUT with the pointer `/cron` or `/timezone`
 */
export function parseCron(expression: string, timezone: string): CronTimes {
  const issue = validateTimezone(timezone) ?? validateExpression(expression);
  if (issue) throw refusal(issue);
  const cron = read(expression, timezone);
  return {
    next: (afterMs) => cron.nextRun(new Date(afterMs))?.getTime() ?? null,
    newest: (count, untilMs) =>
      // The library returns times before an instant, and times are whole seconds.
      cron
        .previousRuns(count, new Date((Math.floor(untilMs / 1_000) + 1) * 1_000))
        .map((time) => time.getTime())
        .sort((a, b) => a - b),
  };
}

function read(expression: string, timezone: string): Cron {
  try {
    return new Cron(expression, { timezone, paused: true, fixedTimeRule: "no-wildcard" });
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, "") : "it cannot be read";
    throw refusal({ pointer: "/cron", detail: `is not a cron expression: ${why}` }, error);
  }
}

function validateExpression(expression: string): Issue | null {
  if (expression.length > CRON_CHARACTERS_MAX)
    return { pointer: "/cron", detail: `must be at most ${CRON_CHARACTERS_MAX} characters` };
  // The library reads a date as a time that occurs once.
  return expression.includes(":")
    ? { pointer: "/cron", detail: "is not a cron expression: it has a colon" }
    : null;
}

function validateTimezone(timezone: string): Issue | null {
  const detail = "is not a time zone of the IANA database, such as Europe/Berlin";
  if (timezone.length > TIMEZONE_CHARACTERS_MAX) return { pointer: "/timezone", detail };
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
    return null;
  } catch {
    return { pointer: "/timezone", detail };
  }
}

function refusal(issue: Issue, cause?: unknown): LockstepError {
  const options = cause === undefined ? { issues: [issue] } : { issues: [issue], cause };
  return new LockstepError("INVALID_INPUT", `${issue.pointer} ${issue.detail}`, options);
}
