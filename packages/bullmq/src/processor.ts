import type { JobsOptions } from "bullmq";
import { type AnyJobDefinition, type AttemptOutcome, isId, type Json } from "lockstep/internal/job";
import type { ClaimedJob, Ledger } from "lockstep/internal/ledger";
import type { Membership } from "lockstep/internal/worker";
import type { Attempts } from "./attempts.js";
import type { BullJob } from "./entries.js";
import type { Handlers } from "./handlers.js";
import { entryBackoffMs } from "./job-options.js";
import { type EntryReply, replyOf, sendReply, setRetry } from "./reply.js";
import type { Settler } from "./settler.js";

/** This process already holds the job, or takes no jobs now. */
const BUSY_MS = 1_000;
/** No handler for its kind here; another worker may have one. */
const UNKNOWN_KIND_MS = 5_000;

/** What a BullMQ `Worker` takes as its processor. */
export type Processor = (entry: BullJob, token?: string) => Promise<unknown>;

export interface ProcessorContext {
  readonly ledger: Ledger;
  readonly attempts: Attempts;
  readonly settler: Settler;
  readonly membership: Pick<Membership, "isTrusted">;
  /** Ids of the jobs whose entries this process has received. */
  readonly held: Set<string>;
  /**
   * Registers this process as a worker for the kind.
   * @throws DatabaseUnavailableError
   */
  join(kind: string): Promise<void>;
  isDraining(): boolean;
}

interface Delivery {
  readonly entry: BullJob;
  readonly jobId: string;
  /** The entry's own. */
  readonly backoff: JobsOptions["backoff"];
}

/**
 * One delivery: the job is claimed in the ledger, its handler runs, its outcome is recorded, and
 * BullMQ gets only what the ledger says then. Any failure on the way is thrown, and brings the
 * entry back.
 * @param foreign runs entries that are not the ledger's
 */
export function createProcessor(
  context: ProcessorContext,
  handlers: Handlers,
  foreign: Processor,
): Processor {
  const { held } = context;
  return async (entry, token) => {
    const jobId = entry.id?.toLowerCase() ?? "";
    if (!isId(jobId)) return await foreign(entry, token);
    const { attempts, backoff } = entry.opts;
    setRetry(entry);
    // BullMQ lost its lock while the handler runs here, and delivers the entry again.
    if (held.has(jobId)) return await sendReply(entry, token, { type: "later", inMs: BUSY_MS });
    held.add(jobId);
    try {
      const reply = await deliver(context, handlers, { entry, jobId, backoff });
      if (reply !== null) return await sendReply(entry, token, reply);
    } finally {
      held.delete(jobId);
    }
    Object.assign(entry.opts, { attempts, backoff });
    return await foreign(entry, token);
  };
}

/** @returns null when the ledger has no such job */
async function deliver(
  context: ProcessorContext,
  handlers: Handlers,
  delivery: Delivery,
): Promise<EntryReply | null> {
  const { ledger, membership, attempts } = context;
  const { entry, jobId } = delivery;
  const definition = handlers.definitionOf(entry);
  if (definition !== null && !context.isDraining()) {
    await context.join(entry.name);
    const job = membership.isTrusted ? await ledger.claimJob(attempts.workerId, jobId) : null;
    if (job !== null) return await run(context, delivery, definition, job);
  }
  const job = await ledger.get(jobId);
  if (job === null) return null;
  if (definition !== null && job.status === "running" && job.worker_id === attempts.workerId) {
    // The answer to its claim was lost.
    const mine = (await ledger.heldBy(attempts.workerId)).find(({ id }) => id === jobId);
    if (mine) return await run(context, delivery, definition, mine);
  }
  const reply = replyOf(job);
  if (reply.type !== "later") return reply;
  if (definition === null) return { type: "later", inMs: Math.max(reply.inMs, UNKNOWN_KIND_MS) };
  return context.isDraining() || !membership.isTrusted
    ? { type: "later", inMs: Math.max(reply.inMs, BUSY_MS) }
    : reply;
}

async function run(
  { ledger, attempts, settler }: ProcessorContext,
  { jobId, backoff }: Delivery,
  definition: AnyJobDefinition,
  job: ClaimedJob,
): Promise<EntryReply | null> {
  const ended = await attempts.run(job, definition);
  if (ended !== null) {
    const outcome = withBackoff(ended, backoff, job.failures + 1);
    const { attempt, claim_token } = job;
    const settlement = { job_id: jobId, attempt, worker_id: attempts.workerId, claim_token, outcome };
    const { result, status } = await settler.settle(settlement);
    if (result === "accepted" && status === "completed" && outcome.type === "completed")
      return { type: "completed", output: JSON.parse(outcome.output) as Json };
    if (result === "accepted" && status === "pending" && outcome.type === "failed")
      return { type: "retry", error: outcome.error, inMs: outcome.retry_in_ms ?? 0 };
  }
  // It settled itself, or was cancelled, failed or taken away: the row says which.
  const now = await ledger.get(jobId);
  return now === null ? null : replyOf(now);
}

/**
 * The entry's own backoff has precedence over the definition's; the ledger's retry budget has
 * precedence over both.
 */
function withBackoff(
  outcome: AttemptOutcome,
  backoff: Delivery["backoff"],
  failures: number,
): AttemptOutcome {
  if (outcome.type !== "failed" || outcome.retry_in_ms === null) return outcome;
  const inMs = entryBackoffMs(backoff, failures, Math.random());
  return inMs === null ? outcome : { ...outcome, retry_in_ms: inMs };
}
