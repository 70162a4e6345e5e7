import type { ShownStatus } from "../../history/events.js";
import type { Work } from "../system.js";

/** Where a process of the system finds its servers: over the wires. */
export interface Servers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly leaseSeconds: number;
  readonly concurrency: number;
}

/** What a view answers: the status in this suite's words, and the result when it shows one. */
export interface Answer {
  readonly status: ShownStatus;
  readonly output?: unknown;
}

export interface Api {
  /** Returns when the jobs are accepted. Called again with the same keys after a lost answer. */
  submit(works: readonly Work[]): Promise<void>;
  status(key: string): Promise<Answer>;
}

export type View = (key: string) => Promise<Answer>;

/** A way to build jobs with a status, as people do today. */
export interface Design {
  readonly name: string;
  readonly version: string;
  /** Some designs keep their data in the memory of a single process. */
  readonly apiProcesses: number;
  /** Creates tables. Once, before any process starts. */
  prepare(servers: Servers): Promise<void>;
  startApi(servers: Servers): Promise<Api>;
  startWorker(servers: Servers): Promise<void>;
  /** The places besides the API where a status can be read, without the wires. */
  openViews(
    servers: Servers,
  ): Promise<{ readonly views: Readonly<Record<string, View>>; close(): Promise<void> }>;
}

export const ATTEMPTS_MAX = 5;
export const ABSENT: Answer = { status: "absent" };
