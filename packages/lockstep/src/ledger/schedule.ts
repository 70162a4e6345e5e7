import type { CATCH_UPS, Json, RecordedFields, SCHEDULE_FIELDS } from "../job/index.js";

/** What happens with the times that passed while no process was running to submit for them. */
export type CatchUp = (typeof CATCH_UPS)[number];

/** The definition of a recurring job: what is submitted, and when. */
export interface NewSchedule extends Pick<RecordedFields, (typeof SCHEDULE_FIELDS)[number]> {
  readonly name: string;
  readonly kind: string;
  readonly input: unknown;
  readonly cron: string;
  /** A name from the IANA database, such as `Europe/Berlin`. */
  readonly timezone: string;
  readonly catch_up: CatchUp;
  /** RFC 3339. */
  readonly next_at: string;
  readonly actor: string;
}

/** A recurring job as it is recorded: the columns of `schedules`, unchanged. */
export interface Schedule extends Omit<NewSchedule, "input" | "next_at"> {
  readonly input: Json;
  /** null: its last time has passed. */
  readonly next_at: string | null;
  /** The last time for which a job was submitted. */
  readonly last_at: string | null;
  readonly last_job_id: string | null;
  readonly paused_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface SchedulePage {
  /** Ordered by name. */
  readonly schedules: readonly Schedule[];
  /** Pass it back as `after`; null on the last page. */
  readonly next: string | null;
}

/** What to do for a schedule that is due. */
export interface TickPlan {
  /** The times to submit for, oldest first. RFC 3339. */
  readonly ticks: readonly string[];
  /**
   * How many more times were due and are skipped: a lower bound, because counting stops at a limit.
   */
  readonly leftOut: number;
  /** Later than the schedule's own next time; null: never again. */
  readonly next_at: string | null;
}

/** @param nowMs the database's clock */
export type PlanTicks = (schedule: Schedule & { readonly next_at: string }, nowMs: number) => TickPlan;

export interface TickOutcome extends TickPlan {
  readonly name: string;
  /**
   * The jobs of the ticks, in their order. null: a job with other content was already submitted for
   * this time.
   */
  readonly jobs: readonly (string | null)[];
  /** How many of them are new. */
  readonly submitted: number;
}

/**
 * Recurring jobs. The work for one due time and the jobs it submits are one transaction: never
 * twice, and never half.
 */
export interface ScheduleLedger {
  /** @throws SCHEDULE_EXISTS, INVALID_INPUT */
  add(schedule: NewSchedule): Promise<Schedule>;
  get(name: string): Promise<Schedule | null>;
  /** @param options.limit 1 to 1000, default 1000 */
  list(options?: { readonly after?: string; readonly limit?: number }): Promise<SchedulePage>;
  /** @throws SCHEDULE_NOT_FOUND */
  remove(name: string): Promise<void>;
  /** @throws SCHEDULE_NOT_FOUND */
  pause(name: string): Promise<Schedule>;
  /**
   * @param nextAt its first time after the database's clock (ms); null: never again
   * @throws SCHEDULE_NOT_FOUND
   */
  resume(name: string, nextAt: (schedule: Schedule, nowMs: number) => string | null): Promise<Schedule>;
  /** The database's clock, in milliseconds. */
  now(): Promise<number>;
  /**
   * Milliseconds until the next schedule is due, 0 or less when one is due now; null when none will
   * ever be due.
   */
  dueInMs(except: readonly string[]): Promise<number | null>;
  /**
   * Processes one schedule that is due.
   * @returns null when no schedule is due, or other processes hold those that are
   * @throws TickError when it failed: nothing of it is recorded
   */
  tick(plan: PlanTicks, except: readonly string[]): Promise<TickOutcome | null>;
}

/** Processing a schedule failed; `cause` says why. */
export class TickError extends Error {
  readonly schedule: string;
  constructor(schedule: string, cause: unknown) {
    super(`schedule ${schedule} could not submit`, { cause });
    this.name = "TickError";
    this.schedule = schedule;
  }
}
