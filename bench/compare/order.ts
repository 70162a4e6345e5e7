import type { Servers } from "./contender.js";

export interface Sizes {
  /** Submitted in batches, then processed in one go. */
  readonly jobs: number;
  /** Submitted one at a time by 64 callers. */
  readonly singles: number;
  /** Submitted one after the other to an idle system. */
  readonly latencies: number;
}

/** The processes of the servers, whose CPU time is measured. */
export interface ServerPids {
  readonly postgres: number;
  readonly redis: number | null;
}

/** One measurement of one contender, in a process for this measurement only. */
export interface Order extends Servers {
  readonly contender: string;
  /**
   * `work` processes what an earlier process with `submit` has submitted; `opening` opens a fresh
   * embedded database as an application does.
   */
  readonly what: "submit" | "work" | "latency" | "opening";
  readonly sizes: Sizes;
  readonly pids: ServerPids;
  /** Where a profile of the worker's CPU time is written. Default: none is made. */
  readonly cpuProfile?: string;
}
