import { crashPoint } from "../crash-point.js";
import { type Database, isUniqueViolation } from "../database/index.js";
import { LockstepError } from "../errors.js";
import { isId, isTerminal, type Job } from "../job/index.js";
import type { ReadyWakeUp } from "./feed-event.js";
import type { ChangeOptions } from "./ledger.js";
import { statement } from "./statements.js";
import type { WakeUpBus } from "./wake-up-bus.js";

/** The job can change between our read and our write; each round reads it again. */
const ROUNDS_MAX = 5;

type Read = (id: string) => Promise<Job | null>;

/**
 * Cancels a pending job, or asks the worker of a running one to stop. A second request gets the
 * same answer as the first.
 * @throws LockstepError JOB_NOT_FOUND, ALREADY_FINISHED, VERSION_MISMATCH
 */
export async function cancelJob(
  database: Database,
  wakeUps: WakeUpBus,
  read: Read,
  id: string,
  options: ChangeOptions,
): Promise<Job> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const job = await existing(read, id);
    // Checked first: a caller that names a version wants to know that it changed, whatever the
    // job's status is now.
    assertVersion(job, options);
    if (job.status === "cancelled") return job;
    if (isTerminal(job.status))
      throw new LockstepError("ALREADY_FINISHED", `Job ${id} is ${job.status}; it cannot be cancelled.`);
    if (job.cancel_requested_at !== null) return job;
    const name = job.status === "pending" ? "cancel_pending" : "request_cancel";
    const { rows } = await database.query(statement(name), [
      id,
      options.actor,
      options.expectedVersion ?? null,
    ]);
    if (rows.length === 0) continue;
    crashPoint("cancel: committed, not answered");
    wakeUps.announce(job.status === "running" ? { stopRequest: job.id } : {});
    return existing(read, id);
  }
  throw new LockstepError(
    "VERSION_MISMATCH",
    `Job ${id} kept changing while it was being cancelled. Try again.`,
  );
}

/**
 * Starts a new run of a finished job.
 * @throws LockstepError JOB_NOT_FOUND, NOT_FINISHED, VERSION_MISMATCH, UNIQUE_KEY_TAKEN, ARCHIVED
 */
export async function requeueJob(
  database: Database,
  wakeUps: WakeUpBus,
  read: Read,
  id: string,
  options: ChangeOptions,
): Promise<Job> {
  const job = await existing(read, id);
  assertNotArchived(job);
  assertVersion(job, options);
  if (!isTerminal(job.status))
    throw new LockstepError(
      "NOT_FINISHED",
      `Job ${id} is ${job.status}; only a finished job can be run again.`,
    );
  const { rows } = await database
    .query<ReadyWakeUp>(statement("requeue"), [id, options.actor, job.version])
    .catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      throw new LockstepError(
        "UNIQUE_KEY_TAKEN",
        `Another live ${job.kind} job holds the unique key of job ${id}.`,
        { cause: error },
      );
    });
  if (rows.length === 0) {
    assertNotArchived(await existing(read, id));
    throw new LockstepError("VERSION_MISMATCH", `Job ${id} has changed since version ${job.version}.`);
  }
  crashPoint("requeue: committed, not answered");
  wakeUps.announce({ ready: rows });
  return existing(read, id);
}

async function existing(read: Read, id: string): Promise<Job> {
  const job = isId(id) ? await read(id) : null;
  if (job === null) throw new LockstepError("JOB_NOT_FOUND", `There is no job ${id}.`);
  return job;
}

function assertNotArchived(job: Job): void {
  if (job.archive === undefined) return;
  throw new LockstepError(
    "ARCHIVED",
    `Job ${job.id} was moved to the archive at ${job.archive.at}, so it cannot be run again. Submit a new job.`,
  );
}

function assertVersion(job: Job, { expectedVersion }: ChangeOptions): void {
  if (expectedVersion === undefined || job.version === expectedVersion) return;
  throw new LockstepError(
    "VERSION_MISMATCH",
    `Job ${job.id} is at version ${job.version}, not ${expectedVersion}.`,
  );
}
