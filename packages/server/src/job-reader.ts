import { DatabaseUnavailableError, LockstepError } from "lockstep/internal/errors";
import type { CachedJob, Job, JobCache, JobStatus } from "lockstep/internal/job";
import type { Ledger } from "lockstep/internal/ledger";
import { withDeadline } from "lockstep/internal/timing";
import { jobNotFound, requireJobId } from "./routes/find-job.js";

/**
 * How long the ledger may take before the cache is used: for the caller, a database that hangs is
 * the same as one that is down.
 */
const LEDGER_MS_MAX = 2_000;

export type ReadJob = Job | CachedJob;
export type ReadStatus = JobStatus | CachedJob;

/**
 * Reads jobs from the ledger, or, when it cannot be read, from a copy that says so. Both throw
 * JOB_NOT_FOUND; STATUS_UNKNOWN when neither has an answer; DatabaseUnavailableError when there is
 * no cache.
 */
export interface JobReader {
  read(path: string): Promise<ReadJob>;
  /** Reads only what is needed to show the status. */
  readStatus(path: string): Promise<ReadStatus>;
}

/** @param cache absent: the status is unknown when the ledger cannot be read */
export function createJobReader(ledger: Pick<Ledger, "get" | "status">, cache?: JobCache): JobReader {
  const orCopy = async <Row>(
    id: string,
    reading: Promise<Row>,
    copies: JobCache,
  ): Promise<Row | CachedJob> => {
    try {
      return await withDeadline(reading, { ms: LEDGER_MS_MAX, late: tooLate });
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      const answer = await copies.get(id);
      if (answer.state === "hit") return answer.job;
      throw statusUnknown(error);
    }
  };
  const readWith =
    <Row>(ask: (id: string) => Promise<Row | null>) =>
    async (path: string): Promise<Row | CachedJob> => {
      const id = requireJobId(path);
      const job = await (cache ? orCopy(id, ask(id), cache) : ask(id));
      if (job === null) throw jobNotFound();
      return job;
    };
  return { read: readWith((id) => ledger.get(id)), readStatus: readWith((id) => ledger.status(id)) };
}

function statusUnknown(cause: DatabaseUnavailableError): LockstepError {
  const message =
    "The database cannot be read, and the cache does not know this job. It may have any status, or none.";
  return new LockstepError("STATUS_UNKNOWN", message, { cause, retryAfterSeconds: 2 });
}

function tooLate(): never {
  throw new DatabaseUnavailableError("The database did not answer in time.", null);
}
