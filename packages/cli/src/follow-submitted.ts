import type { Job } from "lockstep/internal/job";
import type { Follow } from "lockstep/internal/workload";
import type { ApiClient } from "./client/api-client.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import type { Terminal } from "./terminal.js";
import { followUntilDone, reportEnd } from "./wait-for-job.js";

interface Submitted extends Follow {
  readonly job: Job;
  readonly terminal: Terminal;
  readonly json: boolean;
}

/**
 * Prints the id of a submitted job, or waits for the job and prints how it ended; with `json`,
 * prints the whole job.
 * @returns the exit code, and the job if it has completed
 */
export async function followSubmitted(
  api: ApiClient,
  { job: submitted, wait, timeoutSeconds, terminal, json }: Submitted,
): Promise<{ readonly exitCode: ExitCode; readonly job: Job | null }> {
  const { dim } = terminal.paintNote;
  if (!wait) {
    if (json) terminal.json({ schema: "lockstep.job/1", ...submitted });
    else terminal.out(submitted.id);
    if (!json && terminal.width !== null)
      terminal.note(dim(`follow it with: lockstep jobs watch ${submitted.id}`));
    return { exitCode: EXIT.done, job: null };
  }
  if (!json) terminal.note(dim(`job ${submitted.id}`));
  const job = await followUntilDone(api, submitted.id, { timeoutSeconds, terminal });
  if (json) terminal.json({ schema: "lockstep.job/1", ...job });
  return { exitCode: reportEnd(job, terminal), job: job.status === "completed" ? job : null };
}
