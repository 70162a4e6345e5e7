import { LockstepError } from "../errors.js";
import type { NewSchedule, Schedule, ScheduleLedger } from "../ledger/index.js";
import { parseCron } from "./cron.js";
import { rfc3339 } from "./plan.js";

/** Recurring jobs. Their times are computed from their cron expressions. */
export interface Schedules extends Pick<ScheduleLedger, "list" | "remove" | "pause"> {
  /** @throws SCHEDULE_NOT_FOUND */
  get(name: string): Promise<Schedule>;
  /**
   * @throws SCHEDULE_EXISTS; INVALID_INPUT, also with `/cron` when the expression has no time in
   *   the future
   */
  create(schedule: Omit<NewSchedule, "next_at">): Promise<Schedule>;
  /**
   * Resumes from its next time; times that passed during the pause are skipped.
   * @throws SCHEDULE_NOT_FOUND
   */
  resume(name: string): Promise<Schedule>;
}

export function createSchedules(ledger: ScheduleLedger): Schedules {
  return {
    list: ledger.list,
    remove: ledger.remove,
    pause: ledger.pause,
    async get(name) {
      const schedule = await ledger.get(name);
      if (schedule) return schedule;
      throw new LockstepError("SCHEDULE_NOT_FOUND", `There is no schedule ${JSON.stringify(name)}.`);
    },
    async create(schedule) {
      const times = parseCron(schedule.cron, schedule.timezone);
      const next = times.next(await ledger.now());
      if (next !== null) return await ledger.add({ ...schedule, next_at: rfc3339(next) });
      const issue = { pointer: "/cron", detail: "names a time that never occurs" };
      throw new LockstepError("INVALID_INPUT", `${issue.pointer} ${issue.detail}`, { issues: [issue] });
    },
    resume: (name) =>
      ledger.resume(name, ({ cron, timezone }, nowMs) => {
        const next = parseCron(cron, timezone).next(nowMs);
        return next === null ? null : rfc3339(next);
      }),
  };
}
