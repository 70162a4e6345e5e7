import type { Job } from "./job.js";

/** A job as a copy shows it: everything but its input. It was so at `as_of`, and may have changed since. */
export type CachedJob = Omit<Job, "input" | "source"> & {
  readonly source: "cache";
  /** The output was too large to be copied; `output` is null. */
  readonly output_omitted: boolean;
};

/**
 * What the copies say of a job. That they have none means nothing: they may be late, emptied, being rebuilt or out of reach, so
 * a miss is never "no such job".
 */
export type CacheAnswer = { readonly state: "hit"; readonly job: CachedJob } | { readonly state: "unknown" };

/** Copies of jobs, for readers. */
export interface JobCache {
  /** Answers soon, whatever its server does. Never throws. */
  get(jobId: string): Promise<CacheAnswer>;
}

/** A copy as it is stored, whoever wrote it. */
export interface StoredCopy {
  readonly bytes: Buffer;
  /** null: it is nothing that the projection writes. */
  readonly job: CachedJob | null;
  /** Of the output or error it shows, as `CopyOutcome` has it; null: it shows that it was left out. */
  readonly digest: string | null;
}

/** A copy as it is to be stored. */
export interface NewCopy {
  readonly bytes: Buffer;
  /** Milliseconds; null: for ever. */
  readonly ttlMs: number | null;
}

/** What the ledger says that a copy must show as output or error. */
export interface CopyOutcome {
  readonly version: number;
  /** MD5 of its JSON text; `none`: there is none; null: it is larger than was asked for. */
  readonly digest: string | null;
}

/** The copies as whoever looks after them needs them. Every call throws when their server does not answer. */
export interface Copies {
  /** `rebuilding`: values are missing for a while. `none`: no projection fills this server. */
  phase(): Promise<"ready" | "rebuilding" | "none">;
  /** null: there is none. */
  read(jobIds: readonly string[]): Promise<ReadonlyMap<string, StoredCopy | null>>;
  /** What the ledger says now that the copies of these jobs must show. Jobs it does not have are missing. */
  outcomes(jobIds: readonly string[]): Promise<ReadonlyMap<string, CopyOutcome>>;
  /** Milliseconds that a value still has; null: it stays, or there is none. */
  ttlMs(jobId: string): Promise<number | null>;
  /** What the projection would write of this job now; null: nothing, for the ledger does not have it or it is not kept any more. */
  render(jobId: string): Promise<(NewCopy & { readonly status: string }) | null>;
  /** Replaces a value, if it still is the one that was seen; null stands for none. @returns whether it was */
  swap(jobId: string, seen: Buffer | null, next: NewCopy | null): Promise<boolean>;
}
