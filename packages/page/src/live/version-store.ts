import type { Job, JobSummary, Transition } from "../api/client.js";
import { isTerminal } from "../api/words.js";

/** A job as known to the page: the newest version seen, with the data read about it. */
export type KnownJob = JobSummary & {
  readonly source: "ledger" | "cache";
  readonly as_of: string;
  /** The whole job, once it was read: lists do not include its input and output. */
  readonly whole: Job | null;
};

/** The newest transition seen of a job. */
type Change = Pick<Transition, "job_id" | "version" | "status" | "attempt" | "actor" | "reason" | "at"> & {
  readonly as_of: string;
};

export interface ProgressReport {
  readonly job_id: string;
  readonly version: number;
  readonly progress: JobSummary["progress"];
}

/** Milliseconds between two paints: at most four a second. */
const PAINT_MS = 250;
/**
 * Changes of jobs that are not on screen are kept too, so that a slower response cannot restore
 * older data.
 */
const CHANGES_MAX = 20_000;
const JOBS_MAX = 5_000;

/**
 * The highest version seen of every job. Anything older, from the stream or from a response in
 * flight, is dropped, so a job's status on the page never goes backwards.
 */
export class VersionStore {
  readonly #jobs = new Map<string, KnownJob>();
  readonly #changes = new Map<string, Change>();
  readonly #listeners = new Set<() => void>();
  #shown: ReadonlyMap<string, KnownJob> = new Map();
  #paintedAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #paused = false;

  /** The data on screen for a job: the same object until the next paint. */
  get(id: string): KnownJob | null {
    return this.#shown.get(id) ?? null;
  }

  /** Called after each paint. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Adds rows of a list, and paints at once, because the caller waits for them. */
  seeRows(rows: readonly JobSummary[], read: { source: "ledger" | "cache"; as_of: string }): void {
    for (const row of rows) this.#take({ ...row, source: read.source, as_of: read.as_of, whole: null });
    this.#paint();
  }

  /** Adds a whole job. */
  seeJob(job: Job): void {
    const { source, as_of } = job;
    this.#take({
      ...job,
      error: job.error ?? null,
      progress: job.progress ?? null,
      source,
      as_of,
      whole: job,
    });
    this.#paint();
  }

  /** @returns whether the transition was new */
  seeChange(change: Change): boolean {
    const known = this.#changes.get(change.job_id);
    if (known && known.version >= change.version) return false;
    remember(this.#changes, change.job_id, change, CHANGES_MAX);
    const job = this.#jobs.get(change.job_id);
    if (job && job.version < change.version) {
      this.#jobs.set(change.job_id, changed(job, change));
      this.#paintSoon();
    }
    return !job || job.version < change.version;
  }

  /** Progress is not a transition: it is valid only for the version in which it was reported. */
  seeProgress({ job_id, version, progress }: ProgressReport): void {
    const job = this.#jobs.get(job_id);
    if (job?.version !== version) return;
    this.#jobs.set(job_id, { ...job, progress });
    this.#paintSoon();
  }

  /** Holds back incoming changes until resumed. */
  pause(paused: boolean): void {
    this.#paused = paused;
    if (!paused) this.#paint();
  }

  #take(incoming: KnownJob): void {
    const known = this.#jobs.get(incoming.id);
    const change = this.#changes.get(incoming.id);
    const newest = change && change.version > incoming.version ? changed(incoming, change) : incoming;
    if (known && isNewer(known, newest)) {
      if (!known.whole && incoming.whole) this.#jobs.set(known.id, { ...known, whole: incoming.whole });
      return;
    }
    remember(this.#jobs, newest.id, { ...newest, whole: newest.whole ?? known?.whole ?? null }, JOBS_MAX);
  }

  #paintSoon(): void {
    if (this.#timer !== null || this.#paused) return;
    const wait = Math.max(0, PAINT_MS - (performance.now() - this.#paintedAt));
    this.#timer = setTimeout(() => this.#paint(), wait);
  }

  #paint(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#paintedAt = performance.now();
    this.#shown = new Map(this.#jobs);
    for (const listener of this.#listeners) listener();
  }
}

/** For the same version the later read wins, and the ledger takes precedence over a copy. */
function isNewer(known: KnownJob, other: KnownJob): boolean {
  if (known.version !== other.version) return known.version > other.version;
  if (known.source !== other.source) return known.source === "ledger";
  return Date.parse(known.as_of) > Date.parse(other.as_of);
}

/** What a transition says about the job; the component that shows the rest reads it again. */
function changed(job: KnownJob, { version, status, attempt, actor, reason, at, as_of }: Change): KnownJob {
  const ended = isTerminal(status);
  return {
    ...job,
    version,
    status,
    attempt,
    actor,
    reason,
    as_of,
    source: "ledger",
    finished_at: ended ? at : null,
    started_at: reason === "claimed" ? at : job.started_at,
    cancel_requested_at: reason === "cancel_requested" ? at : ended ? job.cancel_requested_at : null,
  };
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value, sizeMax: number): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > sizeMax && !oldest.done) map.delete(oldest.value);
}
