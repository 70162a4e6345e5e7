import { isTerminal, type Job, type JobSummary } from "../../job/index.js";
import { ABSENT, type Answer, type Glance, type Listed, type Value, type View } from "../views/view.js";

/** What is needed of the ledger. */
export interface OwnLedger {
  get(id: string): Promise<Job | null>;
  list(filter: {
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<{ readonly jobs: readonly JobSummary[]; readonly next: string | null }>;
}

const PAGE = 1_000;

/** Lockstep's own ledger: the record. It is changed only by its own rules, so it has no writer here. */
export function ledgerView(ledger: OwnLedger): View {
  const pages = async function* (signal: AbortSignal): AsyncIterable<readonly Listed[]> {
    let cursor: string | null = null;
    do {
      const filter = { limit: PAGE, ...(cursor === null ? {} : { cursor }) };
      const page: Awaited<ReturnType<OwnLedger["list"]>> = await ledger.list(filter);
      signal.throwIfAborted();
      yield page.jobs.map(({ id, status }) => ({ id, answer: { state: "value", word: status, status } }));
      cursor = page.next;
    } while (cursor !== null);
  };
  return {
    name: "ledger",
    type: "lockstep-ledger",
    traits: {
      role: "queue",
      absence: "meaningful",
      knowsLocks: false,
      keepsResults: false,
      isAuthority: true,
    },
    examine: async () => ({ countEstimate: null, writeObstacle: null, notes: [] }),
    pages,
    async *idPages(signal) {
      for await (const page of pages(signal)) yield page.map(({ id }) => id);
    },
    glance: (ids) => askEach(ids, async (id) => jobValue(await ledger.get(id))),
    read: (ids) => askEach(ids, async (id) => jobValue(await ledger.get(id))),
    writer: null,
    close: async () => undefined,
  };
}

/** The reads of one tick become one query. */
export async function askEach<V extends Glance>(
  ids: readonly string[],
  ask: (id: string) => Promise<Answer<V>>,
): Promise<ReadonlyMap<string, Answer<V>>> {
  return new Map(await Promise.all(ids.map(async (id) => [id, await ask(id)] as const)));
}

function jobValue(job: Job | null): Answer<Value> {
  return job === null ? ABSENT : { ...shownJob(job), mark: `${job.version} ${job.status}`, image: null };
}

type ShownJob = Pick<
  Job,
  "status" | "output" | "error" | "created_at" | "started_at" | "finished_at" | "attempt" | "version"
>;

/** A job of Lockstep's as a view shows it. */
export function shownJob(job: ShownJob): Omit<Value, "mark" | "image"> {
  return {
    state: "value",
    word: job.status,
    status: job.status,
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
