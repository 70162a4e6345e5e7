import type { ServerResponse } from "node:http";
import { LockstepError } from "lockstep/internal/errors";
import type { ClaimedJob, Ledger, WorkerInfo } from "lockstep/internal/ledger";
import { createWakeUp } from "lockstep/internal/timing";
import type { ServerContext } from "../server-context.js";
import type { Claim } from "../wire/worker.js";
import { released } from "./released.js";

const POLL_MS = 1_000;
/** Queues in one statement. */
const QUEUES_TOGETHER = 50;

/**
 * Claims jobs for a worker that uses HTTP, and waits up to `wait` seconds for the first.
 *
 * The scan begins at the start of the queue each time: a worker behind a network is not what limits
 * the throughput. Jobs claimed for a client that has disconnected meanwhile are released
 * immediately, because nobody would run them.
 * @throws WORKER_NOT_FOUND, OVERLOADED
 */
export async function claimJobs(
  context: ServerContext,
  workerId: string,
  claim: Claim,
  response: ServerResponse,
): Promise<readonly ClaimedJob[]> {
  const worker = await findWorker(context.ledger, workerId);
  const kinds = claim.kinds ?? worker.kinds;
  const attempt = async () => await claimOnce(context.ledger, worker, { ...claim, kinds });
  const { jobs } = await attempt();
  const found = jobs.length > 0 || claim.wait === 0 || worker.draining;
  const granted = found
    ? jobs
    : await context.waits.hold(response, (signal) => poll(context, worker, claim.wait, attempt, signal));
  if (!response.destroyed) return granted;
  if (granted.length > 0) await context.ledger.turn(granted.map(released), null);
  return [];
}

/** This is also its heartbeat: a worker that waits for jobs is alive. */
async function findWorker(ledger: Ledger, workerId: string): Promise<WorkerInfo> {
  const alive = await ledger.heartbeat(workerId);
  const worker = alive ? await ledger.worker(workerId) : null;
  if (!worker)
    throw new LockstepError("WORKER_NOT_FOUND", "There is no worker with this id: register again.");
  return worker;
}

interface Granted {
  readonly jobs: ClaimedJob[];
  /** When to try again: a rate limit may allow more before the next poll. */
  readonly moreInMs: number;
}

async function claimOnce(
  ledger: Ledger,
  worker: WorkerInfo,
  claim: Omit<Claim, "kinds"> & { kinds: readonly string[] },
): Promise<Granted> {
  const jobs: ClaimedJob[] = [];
  let moreInMs = POLL_MS;
  if (worker.draining) return { jobs, moreInMs };
  const asked = { worker_id: worker.id, kinds: claim.kinds };
  const claimFrom = async (queue: string): Promise<void> => {
    const limit = claim.limit - jobs.length;
    if (limit <= 0) return;
    const { claimed, more_in_ms = POLL_MS } = await ledger.turn([], { ...asked, queue, limit, after: null });
    jobs.push(...claimed);
    moreInMs = Math.min(moreInMs, more_in_ms);
  };
  const queues = shuffled(await queuesOf(ledger, worker, claim));
  if (queues.length <= 1) await Promise.all(queues.map(claimFrom));
  for (let from = 0; queues.length > 1 && from < queues.length; from += QUEUES_TOGETHER) {
    const limit = claim.limit - jobs.length;
    if (limit <= 0) break;
    const some = queues.slice(from, from + QUEUES_TOGETHER).map((name) => ({ name, after: null }));
    const found = await ledger.claimQueues({ ...asked, queues: some, perQueue: limit, limit });
    jobs.push(...found.claimed);
    for (const { name, result } of found.queues) if (result === "limited") await claimFrom(name);
  }
  return { jobs, moreInMs };
}

async function queuesOf(
  ledger: Ledger,
  worker: WorkerInfo,
  claim: Pick<Claim, "queue">,
): Promise<readonly string[]> {
  if (claim.queue !== undefined) return [claim.queue];
  const found = await ledger.queueNames();
  const mine = new Set(worker.queues);
  return mine.size === 0 ? found : found.filter((name) => mine.has(name));
}

/** Random order, so that no queue waits behind another forever. */
function shuffled(queues: readonly string[]): string[] {
  const from = Math.floor(Math.random() * queues.length);
  return [...queues.slice(from), ...queues.slice(0, from)];
}

/** Tries after each wake-up that may concern these queues, and also once a second. */
async function poll(
  { ledger, leaseSeconds }: ServerContext,
  worker: WorkerInfo,
  waitSeconds: number,
  attempt: () => Promise<Granted>,
  signal: AbortSignal,
): Promise<ClaimedJob[]> {
  const giveUpAt = performance.now() + waitSeconds * 1_000;
  const wakeUp = createWakeUp();
  const forget = ledger.wakeUps.onReady(wakeUp.signal);
  let heartbeatAt = performance.now();
  let pollInMs = POLL_MS;
  try {
    while (!signal.aborted && performance.now() < giveUpAt) {
      await wakeUp.wait(Math.max(1, Math.min(pollInMs, giveUpAt - performance.now())), { signal });
      if (signal.aborted) break;
      if (performance.now() - heartbeatAt > (leaseSeconds * 1_000) / 3) {
        await ledger.heartbeat(worker.id);
        heartbeatAt = performance.now();
      }
      const { jobs, moreInMs } = await attempt();
      if (jobs.length > 0) return jobs;
      pollInMs = moreInMs;
    }
    return [];
  } finally {
    forget();
  }
}
