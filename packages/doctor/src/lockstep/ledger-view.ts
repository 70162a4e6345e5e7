import { isTerminal, type Job, type JobSummary } from "lockstep/internal/job";
import { ABSENT, type Answer, type ListedJob, type Summary, type Value, type View } from "../views/view.js";

/** The part of the ledger that is needed, as a structural type. */
export interface LockstepLedger {
  get(id: string): Promise<Job | null>;
  list(filter: {
    readonly limit: number;
    readonly cursor?: string;
    readonly queue?: string;
  }): Promise<{ readonly jobs: readonly JobSummary[]; readonly next: string | null }>;
}

const PAGE = 1_000;
/**
 * Copies of finished jobs are kept for 7 days. This is a day less, so that clock differences never
 * make a copy that has just expired look missing.
 */
const COPIES_KEPT_MS = 6 * 86_400_000;

/**
 * Lockstep's own ledger. It is changed only by its own rules, so it has no writer here.
 * @param queue limits the view to this queue, for comparison with a store that holds only its jobs.
 *   Default: all
 */
export function ledgerView(name: string, ledger: LockstepLedger, queue?: string): View {
  const ofQueue = queue === undefined ? {} : { queue };
  const ask = async (id: string): Promise<Answer<Value>> => {
    const job = await ledger.get(id);
    return jobValue(queue === undefined || job?.queue === queue ? job : null);
  };
  const pages = async function* (signal: AbortSignal): AsyncIterable<readonly ListedJob[]> {
    let cursor: string | null = null;
    do {
      const filter = { limit: PAGE, ...ofQueue, ...(cursor === null ? {} : { cursor }) };
      const page: Awaited<ReturnType<LockstepLedger["list"]>> = await ledger.list(filter);
      signal.throwIfAborted();
      yield page.jobs.map((job) => ({ id: job.id, answer: summaryOf(job) }));
      cursor = page.next;
    } while (cursor !== null);
  };
  return {
    name,
    type: "ledger",
    traits: {
      role: "queue",
      absence: "meaningful",
      knowsLocks: false,
      keepsResults: false,
      isAuthority: true,
      hasFixedWords: true,
    },
    async examine() {
      await ledger.list({ limit: 1 });
      return { countEstimate: null, writeObstacle: null, notes: [] };
    },
    pages,
    async *idPages(signal) {
      for await (const page of pages(signal)) yield page.map(({ id }) => id);
    },
    summaries: (ids) => askEach(ids, ask),
    read: (ids) => askEach(ids, ask),
    writer: null,
    close: async () => undefined,
  };
}

/** Combines the reads of one tick into one query. */
async function askEach<V extends Summary>(
  ids: readonly string[],
  ask: (id: string) => Promise<Answer<V>>,
): Promise<ReadonlyMap<string, Answer<V>>> {
  return new Map(await Promise.all(ids.map(async (id) => [id, await ask(id)] as const)));
}

function jobValue(job: Job | null): Answer<Value> {
  return job === null
    ? ABSENT
    : { ...shownJob(job), ...summaryOf(job), fingerprint: `${job.version} ${job.status}`, beforeImage: null };
}

function summaryOf({ status, version, finished_at }: JobSummary): Summary {
  return {
    state: "value",
    word: status,
    status,
    revision: String(version),
    mayHaveLeft: finished_at !== null && Date.now() - Date.parse(finished_at) > COPIES_KEPT_MS,
  };
}

export type ShownJob = Pick<
  Job,
  "status" | "output" | "error" | "created_at" | "started_at" | "finished_at" | "attempt" | "version"
>;

/** Converts a Lockstep job into what a view shows. */
export function shownJob(job: ShownJob): Omit<Value, "fingerprint" | "beforeImage"> {
  return {
    state: "value",
    word: job.status,
    status: job.status,
    revision: String(job.version),
    createdAt: job.created_at,
    startedAt: job.started_at,
    finishedAt: job.finished_at,
    updatedAt: null,
    ...(job.output === null ? {} : { resultJson: JSON.stringify(job.output) }),
    ...(job.error === null ? {} : { errorJson: JSON.stringify(job.error) }),
    attempt: job.attempt,
    evidence: [`version ${job.version}`, ...(isTerminal(job.status) ? [] : ["not finished"])],
  };
}
