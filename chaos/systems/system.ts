import type { Child } from "../faults/child.js";
import type { Shown } from "../history/events.js";
import type { Recorder } from "../history/recorder.js";
import type { LedgerJob } from "../oracle/ledger.js";
import type { Place } from "../place.js";

/** One job as the workload wants it. */
export interface Work {
  readonly key: string;
  readonly mode: "ok" | "fail once" | "fail" | "slow" | "block" | "nul" | "surrogate" | "nan" | "big";
  /** How long the handler takes. */
  readonly ms: number;
}

export interface SystemOptions {
  readonly place: Place;
  readonly recorder: Recorder;
  /** Seconds until a silent worker may be taken for lost. */
  readonly leaseSeconds: number;
}

/** Something that runs jobs and shows their status, as this suite judges it. */
export interface System {
  readonly name: string;
  /** Of the packages it is made of. */
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
  /** The views that take a least version, and never answer with an older one. */
  readonly viewsWithMinVersion: readonly string[];
  /** @throws when the answer is lost: whether the jobs exist is then unknown */
  submit(works: readonly Work[]): Promise<readonly Accepted[]>;
  /** @param minVersion the least version the client accepts. @returns what each view row says. @throws when nobody knows */
  read(
    view: string,
    key: string,
    minVersion: number | null,
  ): Promise<readonly (Shown & { readonly key: string })[]>;
  /**
   * A queue beside the record that brings its jobs to workers: some jobs go through it. What its view shows as finished must be finished in the view
   * of the record. It may forget finished jobs.
   */
  readonly delivery?: { readonly view: string; readonly record: string; has(key: string): boolean };
  /** What an operator may do; systems without it have none. */
  readonly operate?: { cancel(key: string): Promise<void>; requeue(key: string): Promise<void> };
  /** Names of the places at which its processes can be made to end. */
  readonly crashPoints: readonly string[];
  /** How many jobs have not finished, where that can be asked at once. @throws when nobody knows */
  countUnfinished?(): Promise<number>;
  /** What the database holds in the end; for systems without a log of transitions there is none. */
  dump?(): Promise<{ readonly jobs: readonly LedgerJob[]; readonly leftovers: readonly string[] }>;
  /** Ends its processes. Repeatable. */
  close(): Promise<void>;
}
