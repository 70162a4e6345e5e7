import { LockstepError } from "lockstep/internal/errors";
import { isId, type Job } from "lockstep/internal/job";
import type { Ledger } from "lockstep/internal/ledger";
import { z } from "zod";

/**
 * The job's id in a path. Any text is accepted, because an invalid id is a job that is not found.
 */
export const jobPath = z.object({ id: z.string().describe("The job's id") });

export function jobNotFound(): LockstepError {
  return new LockstepError("JOB_NOT_FOUND", "There is no job with this id.");
}

/** @throws JOB_NOT_FOUND, without a database query, when the id is not valid */
export function requireJobId(id: string): string {
  if (!isId(id)) throw jobNotFound();
  return id.toLowerCase();
}

/** @throws JOB_NOT_FOUND */
export async function findJob(ledger: Pick<Ledger, "get">, id: string): Promise<Job> {
  const job = await ledger.get(requireJobId(id));
  if (!job) throw jobNotFound();
  return job;
}
