import type { Job, JobsOptions, Queue } from "bullmq";
import type { BridgedJob } from "lockstep/internal/ledger";
import type { Logger } from "pino";
import { entryOptions } from "./job-options.js";

export type BullQueue = Queue;
export type BullJob = Job;

/** Commands that are sent to Redis without waiting for each answer. */
const PIPELINED_MAX = 100;
/** Smallest difference between the due times of an entry and its job that is worth a command. */
const DUE_SLACK_MS = 50;

/** `held`: a worker has the entry; it can be changed when the worker has released it. */
export type EnsureResult = "added" | "present" | "held";

/**
 * A queue's entries in BullMQ, each with the id of its job. Every operation here can be repeated
 * safely.
 */
export class Entries {
  readonly #queue: BullQueue;
  readonly #logger: Logger;

  constructor(queue: BullQueue, logger: Logger) {
    this.#queue = queue;
    this.#logger = logger;
  }

  /**
   * Adds entries. An existing entry stays unchanged. One that BullMQ rejects is logged and skipped.
   */
  async add(jobs: readonly BridgedJob[]): Promise<void> {
    if (jobs.length === 0) return;
    try {
      await this.#queue.addBulk(jobs.map(newEntry));
    } catch (error) {
      const [only] = jobs;
      if (jobs.length > 1) for (const job of jobs) await this.add([job]);
      else if (only) await this.#refused(only, error);
    }
  }

  /** For each id, whether BullMQ has an entry that it still has to process. */
  async areLive(ids: readonly string[]): Promise<boolean[]> {
    return await pipelined(ids, async (id) => {
      const entry = await this.#queue.getJob(id);
      return entry !== undefined && !entry.finishedOn;
    });
  }

  /** Ensures that a pending job is delivered when it is due. */
  async ensure(jobs: readonly BridgedJob[]): Promise<EnsureResult[]> {
    return await pipelined(jobs, (job) => this.#ensureOne(job));
  }

  /**
   * Whether BullMQ knows the entry but has it in none of its lists, which only outside interference
   * can cause.
   */
  async isOrphan(id: string): Promise<boolean> {
    const entry = await this.#queue.getJob(id);
    return entry !== undefined && (await entry.getState()) === "unknown";
  }

  /** Removes the entry, unless a worker has it or it records how the job ended. */
  async removeWaiting(id: string): Promise<void> {
    const entry = await this.#queue.getJob(id);
    if (entry !== undefined && !entry.finishedOn) await this.remove(id);
  }

  /** Removes the entry. An entry locked by a worker stays. */
  async remove(id: string): Promise<void> {
    await this.#queue.remove(id);
  }

  async #ensureOne(job: BridgedJob): Promise<EnsureResult> {
    const entry = await this.#queue.getJob(job.id);
    if (entry === undefined || entry.finishedOn) {
      // BullMQ adds nothing if an entry with that id exists, not even if that entry is finished.
      if (entry !== undefined) await this.remove(job.id);
      await this.add([job]);
      return "added";
    }
    if (await entry.isDelayed()) {
      await this.#setDue(entry, job.due_in_ms);
      return "present";
    }
    return (await entry.isActive()) ? "held" : "present";
  }

  /**
   * One entry that cannot be created must not block the others.
   * @throws the error when Redis cannot be reached or accepts no writes
   */
  async #refused(job: BridgedJob, error: unknown): Promise<void> {
    if (!(error instanceof Error) || SERVER_REPLY.test(error.message)) throw error;
    await this.#queue.getJob(job.id);
    const facts = { err: error, job_id: job.id, queue: job.queue };
    this.#logger.error(facts, "BullMQ rejects the entry of this job; the job stays pending");
  }

  async #setDue(entry: BullJob, dueInMs: number): Promise<void> {
    try {
      if (dueInMs <= DUE_SLACK_MS) await entry.promote();
      else await entry.changeDelay(dueInMs);
    } catch (error) {
      // It has just become due, or is gone: the next check finds out which.
      if (!isMoved(error)) throw error;
    }
  }
}

function newEntry(job: BridgedJob): { name: string; data: unknown; opts: JobsOptions } {
  return { name: job.kind, data: job.input, opts: entryOptions(job, Date.now()) };
}

/**
 * The code at the start of every error reply from Redis: the server's state, not the entry's fault.
 */
const SERVER_REPLY = /^[A-Z]{2,}\b/;

/** BullMQ's report that an entry is not, or no longer, where a command looked for it. */
function isMoved(error: unknown): boolean {
  return error instanceof Error && typeof (error as { code?: unknown }).code === "number";
}

async function pipelined<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let start = 0; start < items.length; start += PIPELINED_MAX)
    answers.push(...(await Promise.all(items.slice(start, start + PIPELINED_MAX).map(ask))));
  return answers;
}
