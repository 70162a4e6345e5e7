import type { BackoffOptions, JobsOptions } from "bullmq";
import { LockstepError } from "lockstep/internal/errors";
import { type Json, PRIORITY_MAX, type SubmitFields } from "lockstep/internal/job";
import type { BridgedJob } from "lockstep/internal/ledger";

/** The ledger decides these itself, or they cannot be kept consistent over two stores. */
const REFUSED = {
  jobId: "the entry's id is the job's id; use uniqueKey or idempotencyKey",
  deduplication: "an entry that BullMQ drops would be added again; use uniqueKey",
  parent: "flows are not bridged",
  failParentOnFailure: "flows are not bridged",
  continueParentOnFailure: "flows are not bridged",
  ignoreDependencyOnFailure: "flows are not bridged",
  removeDependencyOnFailure: "flows are not bridged",
  repeatJobKey: "repeatable jobs are not bridged",
  prevMillis: "repeatable jobs are not bridged",
} as const satisfies Partial<Record<keyof JobsOptions, string>>;

/** The fields for the ledger that follow from a job's BullMQ options. */
export type LedgerShare = Pick<SubmitFields, "priority" | "max_attempts" | "run_at">;

/**
 * Splits a job's BullMQ options into the fields that the ledger decides and those that the entry
 * keeps. Smaller priorities run first in both; BullMQ has no negative ones.
 * @param defaults the queue's `defaultJobOptions`; BullMQ itself adds them to the entry
 * @returns kept: null when there is nothing to keep
 * @throws LockstepError INVALID_INPUT for an option that cannot be bridged
 */
export function partOptions(
  own: JobsOptions,
  defaults: JobsOptions,
  nowMs: number,
): { readonly ledger: LedgerShare; readonly kept: Json | null } {
  const issues = Object.entries(REFUSED)
    .filter(([name]) => own[name as keyof JobsOptions] !== undefined)
    .map(([name, why]) => ({ pointer: `/bullmq/${name}`, detail: `cannot be set on a bridged job: ${why}` }));
  if (issues.length > 0) {
    const message = issues.map(({ pointer, detail }) => `${pointer} ${detail}`).join("; ");
    throw new LockstepError("INVALID_INPUT", message, { issues });
  }
  const { attempts, delay, ...kept } = own;
  const merged = { ...defaults, ...own };
  return {
    ledger: {
      ...(merged.priority ? { priority: Math.min(PRIORITY_MAX, merged.priority) } : {}),
      ...(merged.attempts === undefined ? {} : { max_attempts: Math.max(1, merged.attempts) }),
      ...(merged.delay ? { run_at: new Date(nowMs + merged.delay).toISOString() } : {}),
    },
    kept: Object.keys(kept).length === 0 ? null : (JSON.parse(JSON.stringify(kept)) as Json),
  };
}

/**
 * The options for adding a job's entry. The ledger's values for its id, time and attempts cannot be
 * overridden.
 */
export function entryOptions(job: BridgedJob, nowMs: number): JobsOptions {
  const isDelayed = job.due_in_ms > 0;
  return {
    // Only a priority that is better than none; the job's own options may set another.
    ...(job.priority > 0 ? { priority: job.priority } : {}),
    ...(job.options as JobsOptions | null),
    jobId: job.id,
    attempts: job.max_attempts,
    delay: job.due_in_ms,
    // BullMQ counts the delay from the timestamp.
    timestamp: isDelayed ? nowMs : Date.parse(job.created_at),
  };
}

/**
 * Milliseconds until a failed attempt is retried by the entry's own `backoff`, computed as BullMQ
 * does.
 * @param failures failures so far, including this one
 * @param random in [0, 1)
 * @returns null when the entry has none that can be computed here: the definition's retry policy
 *   decides
 */
export function entryBackoffMs(
  backoff: number | BackoffOptions | undefined,
  failures: number,
  random: number,
): number | null {
  if (typeof backoff === "number") return backoff;
  if (backoff?.delay === undefined) return null;
  const { type, delay, jitter = 0 } = backoff;
  if (type !== "fixed" && type !== "exponential") return null;
  const fullMs = type === "fixed" ? delay : Math.round(2 ** Math.min(failures - 1, 40) * delay);
  return Math.floor(fullMs * (1 - jitter) + random * fullMs * jitter);
}
