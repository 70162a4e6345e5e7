import type { Json, Reason } from "lockstep/internal/job";
import type { z } from "zod";
import type { ReadStatus } from "./job-reader.js";
import type { statusView } from "./wire/job.js";

/**
 * The response of `GET /api/status/:id`: the job's status, also in words for people, and its
 * result.
 * @param shown the part of an output that the kind shows; default: all of it
 */
export function toStatusView(
  job: ReadStatus,
  shown: (output: Json) => Json = (output) => output,
): z.output<typeof statusView> {
  return {
    job_id: job.id,
    status: job.status,
    message: sentence(job),
    progress:
      job.status === "completed" ? 1 : job.status === "pending" ? null : (job.progress?.fraction ?? null),
    ...(job.status === "completed" && !isOutOfReach(job) ? { results: shown(job.output) } : {}),
    ...(job.status === "failed" && job.error ? { error: job.error } : {}),
    version: job.version,
    source: job.source,
    as_of: job.as_of,
    ...(job.archived ? { archived: true as const } : {}),
  };
}

const OUT_OF_REACH =
  "The job has completed; its result is in the archive, in a file that cannot be read here.";

const OMITTED =
  "The job has completed; its result is too large for the cache and can be read when the database is back.";

/**
 * Its payloads are in an archive file that this process cannot read, or were too large for the
 * projection.
 */
function isOutOfReach(job: ReadStatus): boolean {
  return job.archive?.readable === false || isOmitted(job);
}

function isOmitted(job: ReadStatus): boolean {
  return "output_omitted" in job && job.output_omitted;
}

function sentence(job: ReadStatus): string {
  switch (job.status) {
    case "pending":
      return pendingSentence(job);
    case "running":
      return runningSentence(job);
    case "completed":
      return isOmitted(job) ? OMITTED : isOutOfReach(job) ? OUT_OF_REACH : "The job has completed.";
    case "cancelled":
      return "The job was cancelled.";
    case "failed":
      return `The job failed after ${attempts(job.attempt)}: ${firstLine(job.error?.message ?? "no reason was given")}`;
  }
}

const SETBACKS: Partial<Record<Reason, string>> = {
  retry: "failed",
  timeout: "took too long",
  lost: "lost its worker",
};

function pendingSentence(job: ReadStatus): string {
  const delayed = Date.parse(job.run_at) > Date.parse(job.as_of);
  const setback = SETBACKS[job.reason];
  if (setback) {
    const when = delayed ? ` at ${job.run_at}` : " soon";
    return `Attempt ${job.attempt} ${setback}; the job is tried again${when} (${job.failures} of ${job.max_attempts} attempts used up).`;
  }
  return delayed
    ? `The job is due at ${job.run_at}.`
    : `The job waits for a worker in the queue ${job.queue}.`;
}

function runningSentence(job: ReadStatus): string {
  if (job.cancel_requested_at) return "The job is being cancelled.";
  const doing = job.progress?.message ? `: ${firstLine(job.progress.message)}` : ".";
  const done = job.progress ? ` and ${Math.floor(job.progress.fraction * 100)} % done` : "";
  return `The job is running${done}${doing}`;
}

function attempts(count: number): string {
  return count === 1 ? "1 attempt" : `${count} attempts`;
}

function firstLine(message: string): string {
  const line = message.split("\n", 1)[0] ?? "";
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
