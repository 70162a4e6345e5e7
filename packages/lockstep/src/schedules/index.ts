/**
 * Schedules: jobs that are submitted again and again, by cron expressions.
 *
 * What is true. A schedule's `next_at` is the next time it submits for, and only grows. Working through it is one transaction: it
 * locks the schedule, submits through the ordinary insert with an idempotency key made of name and time, and moves
 * `next_at` on, guarded by its old value. So a time is submitted for once, however many processes run.
 *
 * Who may change it. The ledger's statements (ledger/schedules.ts). Here is what times there are (cron.ts), which of those that
 * were missed count (plan.ts), and the loop that looks (scheduler.ts).
 *
 * What happens in a crash. Before the commit nothing happened, and another process works through the same time. After it
 * everything did. When the commit's answer is lost, the schedule says which.
 */
export { Scheduler, type SchedulerOptions } from "./scheduler.js";
export { createSchedules, type Schedules } from "./schedules.js";
