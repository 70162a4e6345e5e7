import type { WordCount } from "./guess.js";

/** A place that looks as if it showed the status of jobs. */
export interface Candidate {
  /** For a person: `the Redis hash scan_jobs:jobs`. */
  readonly label: string;
  /** What the view would be called. */
  readonly name: "queue" | "results" | "table" | "page";
  /** The configuration of the view, but for `url` and `statuses`. */
  readonly config: Readonly<Record<string, unknown>> & { readonly type: string };
  /** The status words that were met; empty: the words of its system are known. */
  readonly words: readonly WordCount[];
  /** Some of its jobs. */
  readonly sampleIds: readonly string[];
  /** About how many jobs it has; null: unknown. */
  readonly count: number | null;
  readonly store: "redis" | "sql" | "http";
}

/** How many ids of a candidate are looked at. */
export const SAMPLE_IDS_MAX = 200;
