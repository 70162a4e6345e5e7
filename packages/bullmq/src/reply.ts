import type { Job as BullJob } from "bullmq";
import { isTerminal, type Job, type JobError, type Json } from "lockstep/internal/job";

/** How long an entry whose job another worker runs is put aside. */
const HELD_MS = 1_000;
/** A job that has just become due is ready when the promoter has seen it. */
const DUE_MS = 100;
const DUE_FOR_MS = 2_000;
/** Due, and still not to be had: its queue is paused, or a limit holds it. */
const NOT_READY_MS = 1_000;
/** Any error that is not one of these brings the entry back: the ledger's budget decides, not BullMQ's. */
const ATTEMPTS_LEFT = 1_000_000;
const UNEXPECTED_MS = 1_000;

/** What BullMQ is told about an entry. It follows from the ledger's row, and only from it. */
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

/** The reply that a job's row calls for, when this delivery does not run the job. */
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
 * Gives the reply in BullMQ's own way: a return value, or an error of the kind it knows.
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
 * Makes BullMQ deliver the entry again after an error, whatever its own count of attempts says. Only this copy of the options is
 * changed, the one BullMQ reads when the processor has thrown; the entry keeps its own.
 */
export function setRetry(entry: BullJob, inMs: number = UNEXPECTED_MS): void {
  entry.opts.attempts = entry.attemptsMade + ATTEMPTS_LEFT;
  entry.opts.backoff = { type: "fixed", delay: inMs };
}

/** BullMQ knows its errors by their names too, so that no copy of it is imported here and any copy understands. */
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
