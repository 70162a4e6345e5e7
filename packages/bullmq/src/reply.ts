import type { Job as BullJob } from "bullmq";
import { isTerminal, type Job, type JobError, type Json } from "lockstep/internal/job";

/** How long an entry is postponed when another worker runs its job. */
const HELD_MS = 1_000;
/** A job that has just become due is ready after the promoter's next pass. */
const DUE_MS = 100;
const DUE_FOR_MS = 2_000;
/** Due but not available: its queue is paused, or a limit holds it back. */
const NOT_READY_MS = 1_000;
/** Any other error brings the entry back: the ledger's retry budget decides, not BullMQ's. */
const ATTEMPTS_LEFT = 1_000_000;
const UNEXPECTED_MS = 1_000;

/** What BullMQ receives for an entry. It follows only from the ledger's row. */
export type EntryReply =
  | { readonly type: "completed"; readonly output: Json }
  | { readonly type: "failed"; readonly error: RecordedError }
  | { readonly type: "retry"; readonly error: RecordedError; readonly inMs: number }
  | { readonly type: "later"; readonly inMs: number };

export type RecordedError = Pick<JobError, "name" | "message" | "stack"> & { readonly code?: string | null };

const CANCELLED: RecordedError = {
  name: "CancelledError",
  message: "The job was cancelled.",
  code: "JOB_CANCELLED",
  stack: null,
};
const UNKNOWN: RecordedError = { name: "Error", message: "The job failed.", code: null, stack: null };

/** The reply for a job's row when this delivery does not run the job. */
export function replyOf(job: Job): EntryReply {
  if (job.status === "completed") return { type: "completed", output: job.output };
  if (isTerminal(job.status))
    return { type: "failed", error: job.status === "cancelled" ? CANCELLED : (job.error ?? UNKNOWN) };
  if (job.status === "running") return { type: "later", inMs: HELD_MS };
  // Both times are the database's.
  const dueInMs = Date.parse(job.run_at) - Date.parse(job.as_of);
  if (dueInMs > 0) return { type: "later", inMs: dueInMs };
  return { type: "later", inMs: dueInMs > -DUE_FOR_MS ? DUE_MS : NOT_READY_MS };
}

/**
 * Gives the reply in BullMQ's own form: a return value, or an error that it recognizes.
 * @throws always, unless the job completed
 */
export async function sendReply(entry: BullJob, token: string | undefined, reply: EntryReply): Promise<Json> {
  switch (reply.type) {
    case "completed":
      return reply.output;
    case "failed":
      throw unrecoverable(reply.error);
    case "retry":
      setRetry(entry, reply.inMs);
      throw asError(reply.error);
    case "later":
      await entry.moveToDelayed(Date.now() + reply.inMs, token);
      throw named("DelayedError", "moved to delayed");
  }
}

/**
 * Makes BullMQ deliver the entry again after an error, whatever its own count of attempts says.
 * Changes only this copy of the options, which BullMQ reads after the processor has thrown; the
 * entry keeps its own.
 */
export function setRetry(entry: BullJob, inMs: number = UNEXPECTED_MS): void {
  entry.opts.attempts = entry.attemptsMade + ATTEMPTS_LEFT;
  entry.opts.backoff = { type: "fixed", delay: inMs };
}

/**
 * BullMQ also recognizes its errors by name, so no copy of it is imported here and any copy
 * understands.
 */
function unrecoverable(recorded: RecordedError): Error {
  const error = named("UnrecoverableError", recorded.message);
  if (recorded.stack) error.stack = recorded.stack;
  error.cause = asError(recorded);
  return error;
}

function asError({ name, message, stack, code }: RecordedError): Error {
  const error = named(name, message);
  if (stack) error.stack = stack;
  return code ? Object.assign(error, { code }) : error;
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
