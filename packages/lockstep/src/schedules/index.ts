/**
 * Schedules: jobs that are submitted repeatedly, by cron expressions.
 *
 * Invariants. A schedule's `next_at` is the next time it submits for, and only grows. Processing it
 * is one transaction: lock the schedule, submit through the ordinary insert with an idempotency key
 * made of name and time, and advance `next_at`, guarded by its old value. So each time is submitted
 * once, however many processes run.
 *
 * Who may change it. Only the ledger's statements (ledger/schedules.ts). This module computes the
 * times (cron.ts), decides which missed times count (plan.ts), and has the loop that checks
 * (scheduler.ts).
 *
 * What happens in a crash. Before the commit nothing has happened, and another process handles the
 * same time. After the commit everything has. When the commit's answer is lost, the schedule shows
 * which.
 */
export { Scheduler, type SchedulerOptions } from "./scheduler.js";
export { createSchedules, type Schedules } from "./schedules.js";
