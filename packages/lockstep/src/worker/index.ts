/**
 * The worker: claims jobs, runs their handlers, and settles every outcome.
 *
 * Invariants. A job is claimed only into a free slot, and its handler starts in the same tick as
 * the answer to the claim: at most `concurrency` handlers run, and every claimed job runs. From the
 * tick in which a handler returns, its outcome is in the unsettled outcomes, and it is removed only
 * after the ledger has acknowledged it. An outcome that the ledger has not acknowledged within a
 * second is also on the disk. Nothing here decides a status. Every write carries (job, attempt,
 * worker), the ledger's guard decides, and "fenced" is an answer, not an error.
 *
 * Who may change it. Only turn-loops.ts sends claims and outcomes to the ledger, only
 * running-attempts.ts starts and stops handlers, and only spool.ts writes the spool. claim-plan.ts
 * decides where to look for jobs, and outcome.ts decides what the end of a handler means; both are
 * pure.
 *
 * What happens when this process crashes:
 * - during a claim: the job runs in the name of a silent worker, and the sweeper reclaims it after
 *   the lease;
 * - while a handler runs: the same;
 * - after a handler returned, before its outcome is settled or spooled (about a second at most):
 *   the job runs again;
 * - after it is spooled: the next process on the same data directory settles it. The ledger accepts
 *   it if nobody has claimed the job since, and otherwise keeps it beside the job;
 * - after the settlement is committed, before the spool is emptied: it is settled again, which
 *   changes nothing.
 * When only the database or the connection fails, an unanswered turn is repeated, and the worker
 * asks the ledger which jobs run in its name to find its unacknowledged claims.
 *
 * `createWorker` runs jobs from the ledger's own queues. The other exports are for modules whose
 * jobs arrive in another way: an attempt with its signal and deadline, the worker's membership,
 * reports and stop requests.
 */
export { Attempt, type AttemptHost } from "./attempt.js";
export type { HeartbeatMode } from "./heartbeat.js";
export { Membership, type MembershipOptions } from "./membership.js";
export type { WorkerOptions } from "./options.js";
export type { Stop } from "./outcome.js";
export { Reporter } from "./reporter.js";
export { watchStopRequests } from "./stop-requests.js";
export { createWorker, type Worker, type WorkerHealth } from "./worker.js";
