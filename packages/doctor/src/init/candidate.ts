import type { WordCount } from "./guess.js";

/** A place that seems to show the status of jobs. */
export interface Candidate {
  /** For a person: `the Redis hash scan_jobs:jobs`. */
  readonly label: string;
  /** The name that the view would get. */
  readonly name: "queue" | "results" | "table" | "page";
  /** The configuration of the view, without `url` and `statuses`. */
  readonly config: Readonly<Record<string, unknown>> & { readonly type: string };
  /** The status words that were found; empty: the words of its system are known. */
  readonly words: readonly WordCount[];
  /** The ids of some of its jobs. */
  readonly sampleIds: readonly string[];
  /** Estimated number of jobs; null: unknown. */
  readonly count: number | null;
  readonly store: "redis" | "sql" | "http";
}

/** How many ids of a candidate are sampled. */
export const SAMPLE_IDS_MAX = 200;
