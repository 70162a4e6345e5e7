import type { Schedule } from "lockstep/internal/ledger";
import { agoText } from "./duration-text.js";
import { safeLine } from "./safe-text.js";
import type { Column } from "./table.js";

/** One line: whether the schedule is active, and its next time. */
export function scheduleText({ name, paused_at, next_at, timezone }: Schedule): string {
  if (paused_at !== null) return `${safeLine(name)} is paused`;
  if (next_at === null) return `${safeLine(name)} has no next time`;
  return `${safeLine(name)} runs next at ${next_at.replace(/\.0+Z$/, "Z")} (cron in ${safeLine(timezone)})`;
}

/** The columns of a list of schedules; `now` is the server's time of the list. */
export function scheduleColumns(now: string): readonly Column<Schedule>[] {
  const next = ({ paused_at, next_at }: Schedule) =>
    paused_at !== null ? "paused" : next_at === null ? "never" : agoText(next_at, now);
  return [
    { title: "NAME", cell: ({ name }) => safeLine(name), shrinkTo: 8 },
    { title: "KIND", cell: ({ kind }) => safeLine(kind), shrinkTo: 6 },
    { title: "CRON", cell: ({ cron }) => safeLine(cron), shrinkTo: 9 },
    { title: "TIME ZONE", cell: ({ timezone }) => safeLine(timezone), shrinkTo: 8 },
    { title: "NEXT", cell: next },
    { title: "LAST", cell: ({ last_at }) => (last_at === null ? "-" : agoText(last_at, now)) },
    { title: "LAST JOB", cell: ({ last_job_id }) => last_job_id ?? "-", shrinkTo: 12 },
  ];
}
