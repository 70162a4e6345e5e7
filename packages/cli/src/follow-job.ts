import { setTimeout as delay } from "node:timers/promises";
import { LockstepError } from "lockstep/internal/errors";
import { isTerminal, type Job, type TransitionRecord } from "lockstep/internal/job";
import { type ApiClient, isPassing } from "./client/api-client.js";

export interface FollowOptions {
  /** null: no limit. */
  readonly timeoutSeconds: number | null;
  /**
   * How long the server may hold one response; a change to a terminal status ends the wait at once.
   */
  readonly pollSeconds: number;
  /** Stops following, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with every response. */
  readonly onJob?: (job: Job) => void;
  /** Called once for each version of the job, in order. */
  readonly onTransition?: (transition: TransitionRecord) => void;
  /** Called when the server does not answer, before the next try. */
  readonly onRetry?: (error: Error) => void;
}

const SILENT_SECONDS_MAX = 120;
const RETRY_MS = 1_000;
const POLL_MS = 250;

/**
 * Polls a job until it is terminal. It reads the ledger, not a stream, so nothing can be missed,
 * and it waits for a server that restarts meanwhile.
 * @throws LockstepError WAIT_TIMEOUT when the time is up, STATUS_UNKNOWN when the server does not
 *   answer for two minutes
 */
export async function followJob(client: ApiClient, id: string, options: FollowOptions): Promise<Job> {
  const endMs =
    options.timeoutSeconds === null ? Number.POSITIVE_INFINITY : Date.now() + options.timeoutSeconds * 1_000;
  let answeredMs = Date.now();
  let status = "not read yet";
  let versionSeen = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const leftMs = Math.max(0, endMs - Date.now());
    const wait = Math.floor(Math.min(options.pollSeconds, leftMs / 1_000));
    try {
      const job = await client.get<Job>(`/api/jobs/${id}`, { query: { wait }, ...signalOf(options) });
      answeredMs = Date.now();
      if (job.version > versionSeen && options.onTransition)
        await reportTransitions(client, job, versionSeen, options.onTransition);
      versionSeen = Math.max(versionSeen, job.version);
      status = job.status;
      options.onJob?.(job);
      if (isTerminal(job.status)) return job;
    } catch (error) {
      if (!isPassing(error) || !(error instanceof Error)) throw error;
      if (Date.now() - answeredMs > SILENT_SECONDS_MAX * 1_000) {
        throw new LockstepError("STATUS_UNKNOWN", `the server has not answered for ${SILENT_SECONDS_MAX} s`, {
          cause: error,
        });
      }
      options.onRetry?.(error);
      await delay(Math.min(RETRY_MS, leftMs), undefined, signalOf(options));
    }
    if (Date.now() >= endMs)
      throw new LockstepError(
        "WAIT_TIMEOUT",
        `job ${id} has not finished after ${options.timeoutSeconds} s (${status})`,
      );
    if (wait < 1) await delay(Math.min(POLL_MS, leftMs), undefined, signalOf(options));
  }
}

async function reportTransitions(
  client: ApiClient,
  job: Job,
  after: number,
  report: (transition: TransitionRecord) => void,
): Promise<void> {
  const { transitions } = await client.get<{ transitions: TransitionRecord[] }>(
    `/api/jobs/${job.id}/transitions`,
  );
  for (const transition of transitions)
    if (transition.version > after && transition.version <= job.version) report(transition);
}

function signalOf({ signal }: FollowOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}
