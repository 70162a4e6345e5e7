import type { JobSummary } from "./job.js";
import type { Status } from "./status.js";

/** Which jobs are listed. A member that is left out filters nothing. */
export interface JobFilter {
  readonly status?: readonly Status[];
  readonly kind?: string;
  readonly queue?: string;
  readonly tag?: string;
  /** The id of a batch. */
  readonly batch?: string;
  /** Matches an id, or a substring of the kind, queue or unique key, ignoring case. */
  readonly q?: string;
  readonly created_after?: string;
  readonly created_before?: string;
  /** 1 to 1000, default 100. */
  readonly limit?: number;
  /** From the previous page's `next`. */
  readonly cursor?: string;
  /** Also count the jobs that match the filter, on all pages. */
  readonly count?: boolean;
}

/** One page of a list of jobs, newest first. */
export interface JobPage {
  readonly jobs: readonly JobSummary[];
  readonly next: string | null;
  /**
   * Number of jobs on all pages, from the same read as the page; 10,000 means 10,000 or more. null
   * when not requested.
   */
  readonly total: number | null;
  readonly as_of: string;
}
