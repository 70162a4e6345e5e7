import type { Job } from "./job.js";

/**
 * A job as a copy shows it: everything except its input. It was correct at `as_of`, and may have
 * changed since.
 */
export type CachedJob = Omit<Job, "input" | "source"> & {
  readonly source: "cache";
  /** The output was too large to be copied; `output` is null. */
  readonly output_omitted: boolean;
};

/**
 * The answer of the copies about a job. If they have none, that means nothing: they may be late,
 * empty, in a rebuild or out of reach. So a miss never means "no such job".
 */
export type CacheAnswer = { readonly state: "hit"; readonly job: CachedJob } | { readonly state: "unknown" };

/** Copies of jobs, for readers. */
export interface JobCache {
  /** Answers quickly, whatever its server does. Never throws. */
  get(jobId: string): Promise<CacheAnswer>;
}

/** A copy as it is stored, whichever process wrote it. */
export interface StoredCopy {
  readonly bytes: Buffer;
  /** null: the value is nothing that the projection writes. */
  readonly job: CachedJob | null;
  /**
   * Digest of the output or error it shows, as in `CopyOutcome`; null: it shows that the output was
   * left out.
   */
  readonly digest: string | null;
}

/** A copy to be stored. */
export interface NewCopy {
  readonly bytes: Buffer;
  /** Milliseconds; null: without expiry. */
  readonly ttlMs: number | null;
}

/** What a copy must show as output or error, according to the ledger. */
export interface CopyOutcome {
  readonly version: number;
  /** MD5 of its JSON text; `none`: there is none; null: it is larger than requested. */
  readonly digest: string | null;
}

/**
 * The copies, as needed by the code that checks and repairs them. Every call throws when their
 * server does not answer.
 */
export interface Copies {
  /** `rebuilding`: values are missing for a while. `none`: no projection fills this server. */
  phase(): Promise<"ready" | "rebuilding" | "none">;
  /** null: there is none. */
  read(jobIds: readonly string[]): Promise<ReadonlyMap<string, StoredCopy | null>>;
  /**
   * What the copies of these jobs must show, according to the ledger now. Jobs that the ledger does
   * not have are missing.
   */
  outcomes(jobIds: readonly string[]): Promise<ReadonlyMap<string, CopyOutcome>>;
  /** Milliseconds until a value expires; null: it has no expiry, or there is no value. */
  ttlMs(jobId: string): Promise<number | null>;
  /**
   * What the projection would write for this job now; null: nothing, because the ledger does not
   * have the job or it is no longer kept.
   */
  render(jobId: string): Promise<(NewCopy & { readonly status: string }) | null>;
  /**
   * Replaces a value, if it is still the one that was read; null stands for no value.
   * @returns whether it was replaced
   */
  swap(jobId: string, seen: Buffer | null, next: NewCopy | null): Promise<boolean>;
}
