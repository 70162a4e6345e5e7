/**
 * The worker: claims jobs, runs their handlers, and hands every outcome to the ledger.
 *
 * What is true. A job is claimed only into a free slot, and its handler starts in the tick in which the claim is answered:
 * no more than `concurrency` handlers run, and no job is claimed that does not run. An outcome that a handler returned is
 * in the outbox from that tick on, and leaves it only when the ledger has acknowledged it; what the ledger has not
 * acknowledged within a second is also on the disk. Nothing here decides a status. Every write carries
 * (job, attempt, worker), the ledger's guard decides, and "fenced" is an answer, not an error.
 *
 * Who may change it. turn-loops.ts alone talks to the ledger about claims and outcomes, running-attempts.ts alone starts and stops
 * handlers, and spool.ts alone writes the spool. claim-plan.ts decides where to look for work, and outcome.ts what an ending
 * means; both are pure.
 *
 * What happens in a crash of this process:
 * - while a claim is under way: the job runs in the name of a silent worker, and the sweeper brings it back after the lease;
 * - while a handler runs: the same;
 * - after a handler returned, before its outcome is settled or spooled (about a second at most): the job is run again;
 * - after it is spooled: the next process on the same data directory settles it. The ledger takes it if nobody has
 *   claimed the job since, and else keeps it beside the job;
 * - after the settlement is committed, before the spool is emptied: it is settled once more, which changes nothing.
 * And when only the database or the connection fails: an unanswered turn is repeated, and its claims are looked for by
 * asking the ledger which jobs run in this worker's name.
 *
 * `createWorker` is what runs jobs from the ledger's own queues. The other exports are the parts of it that a module needs whose
 * jobs come in another way: an attempt with its signal and deadline, the worker's standing, reports and recalls.
 */
export { Attempt, type AttemptHost } from "./attempt.js";
export type { HeartbeatMode } from "./heartbeat.js";
export { Membership, type MembershipOptions } from "./membership.js";
export type { WorkerOptions } from "./options.js";
export type { Stop } from "./outcome.js";
export { Reporter } from "./reporter.js";
export { watchStopRequests } from "./stop-requests.js";
export { createWorker, type Worker, type WorkerHealth } from "./worker.js";
