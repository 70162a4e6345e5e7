import { isDataError } from "../database/index.js";
import type { LockstepError } from "../errors.js";
import type { Submitted } from "./ledger.js";
import type { ReadyHint } from "./news.js";
import type { NewJob } from "./request.js";

/** Jobs of concurrent calls that share one insert. */
const SHARED_INSERT_MAX = 500;
/** Concurrent shared inserts: two keep the connection's commit and this process both busy. */
const SHARED_INSERTS_MAX = 2;

export interface Inserted {
  readonly submitted: Submitted;
  readonly ready: ReadyHint | null;
}

interface Waiting {
  readonly job: NewJob;
  readonly resolve: (outcome: Inserted) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Concurrent single inserts share statements: who arrives while one is under way goes into the next, and everybody is
 * answered after the commit that holds their row.
 */
export function createSharedInserts(
  insert: (jobs: readonly NewJob[]) => Promise<(Inserted | LockstepError)[]>,
): (job: NewJob) => Promise<Inserted> {
  const waiting: Waiting[] = [];
  let underWay = 0;

  const flush = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const outcomes = await insert(batch.map((entry) => entry.job));
      batch.forEach((entry, index) => {
        const outcome = outcomes[index];
        if (outcome === undefined || outcome instanceof Error) entry.reject(outcome);
        else entry.resolve(outcome);
      });
    } catch (error) {
      // One row that PostgreSQL refuses must not take its neighbours along.
      if (isDataError(error) && batch.length > 1) for (const entry of batch) await flush([entry]);
      else for (const entry of batch) entry.reject(error);
    }
  };
  const pump = (): void => {
    while (waiting.length > 0 && underWay < SHARED_INSERTS_MAX) {
      underWay++;
      void flush(waiting.splice(0, SHARED_INSERT_MAX)).finally(() => {
        underWay--;
        pump();
      });
    }
  };
  return (job) =>
    new Promise((resolve, reject) => {
      waiting.push({ job, resolve, reject });
      if (underWay === 0) setImmediate(pump);
      else pump();
    });
}
