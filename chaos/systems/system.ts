import type { Child } from "../faults/child.js";
import type { Shown } from "../history/events.js";
import type { Recorder } from "../history/recorder.js";
import type { LedgerJob } from "../oracle/ledger.js";
import type { Place } from "../place.js";

/** One job as the workload describes it. */
export interface Work {
  readonly key: string;
  readonly mode: "ok" | "fail once" | "fail" | "slow" | "block" | "nul" | "surrogate" | "nan" | "big";
  /** How long the handler takes. */
  readonly ms: number;
}

export interface SystemOptions {
  readonly place: Place;
  readonly recorder: Recorder;
  /** Seconds until a silent worker may count as lost. */
  readonly leaseSeconds: number;
}

/** A system that runs jobs and shows their status, as this suite judges it. */
export interface System {
  readonly name: string;
  /** Versions of the packages it is made of. */
  readonly version: string;
  open(options: SystemOptions): Promise<OpenSystem>;
}

export interface Accepted {
  readonly key: string;
  readonly id: string;
  /** null: it has no versions. */
  readonly version: number | null;
}

export interface OpenSystem {
  readonly children: readonly Child[];
  /** The places a status can be read. */
  readonly views: readonly string[];
  /** The views that accept a least version, and never answer with an older one. */
  readonly viewsWithMinVersion: readonly string[];
  /** @throws when the answer is lost: then it is unknown whether the jobs exist */
  submit(works: readonly Work[]): Promise<readonly Accepted[]>;
  /**
   * @param minVersion the least version the client accepts. @returns what each view row says.
   *   @throws when the status is unknown
   */
  read(
    view: string,
    key: string,
    minVersion: number | null,
  ): Promise<readonly (Shown & { readonly key: string })[]>;
  /**
   * A queue besides the record that delivers some of the jobs to workers. What its view shows as
   * finished must be finished in the view of the record. It may lose finished jobs.
   */
  readonly delivery?: { readonly view: string; readonly record: string; has(key: string): boolean };
  /** What an operator may do; some systems have no such actions. */
  readonly operate?: { cancel(key: string): Promise<void>; requeue(key: string): Promise<void> };
  /** Names of the points at which its processes can be killed. */
  readonly crashPoints: readonly string[];
  /** How many jobs have not finished, if this is available at once. @throws when it is unknown */
  countUnfinished?(): Promise<number>;
  /** What the database has at the end; missing for systems without a log of transitions. */
  dump?(): Promise<{ readonly jobs: readonly LedgerJob[]; readonly leftovers: readonly string[] }>;
  /** Ends its processes. Repeatable. */
  close(): Promise<void>;
}
