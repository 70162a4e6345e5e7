import type { Option } from "commander";
import type { Job } from "lockstep/internal/job";
import { WAIT_TIMEOUT } from "lockstep/internal/workload";
import type { ApiClient } from "./client/api-client.js";
import { optionOf } from "./command.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { followJob } from "./follow-job.js";
import { statusText } from "./job-text.js";
import { createProgressLine, type ProgressState } from "./progress.js";
import { safeLine } from "./safe-text.js";
import type { Terminal } from "./terminal.js";

/**
 * `--wait-timeout` for the commands that wait; `--timeout` means the same where it has no other
 * meaning.
 */
export function waitTimeoutOption(flags = WAIT_TIMEOUT.flags): Option {
  return optionOf({ ...WAIT_TIMEOUT, flags });
}

/** Waits for a job with a progress bar on stderr. @throws LockstepError WAIT_TIMEOUT */
export async function followUntilDone(
  client: ApiClient,
  id: string,
  options: { timeoutSeconds: number | null; terminal: Terminal },
): Promise<Job> {
  const { terminal, timeoutSeconds } = options;
  const line = createProgressLine(terminal);
  let silent = false;
  try {
    return await followJob(client, id, {
      timeoutSeconds,
      pollSeconds: terminal.noteWidth === null ? 5 : 1,
      onJob(job) {
        silent = false;
        line.update(jobProgress(job));
      },
      onRetry(error) {
        if (!silent)
          line.note(
            terminal.paintNote.yellow(
              `the server does not answer (${safeLine(error.message)}); trying again`,
            ),
          );
        silent = true;
      },
    });
  } finally {
    line.end();
  }
}

/**
 * A job's progress for the progress bar. Counts are taken from a message such as `12 of 340 files`.
 */
export function jobProgress(job: Job): ProgressState {
  const label = job.attempt > 1 ? `${job.status} (attempt ${job.attempt})` : job.status;
  const { fraction = null, message = null } = job.progress ?? {};
  if (job.status !== "running") return { label, fraction: null };
  const [counted, done, total] = /^(\d+)(?: of |\/)(\d+)\b[,:]?\s*/.exec(message ?? "") ?? [];
  if (counted === undefined) return { label, fraction, message };
  return {
    label,
    fraction,
    done: Number(done),
    total: Number(total),
    message: (message ?? "").slice(counted.length),
  };
}

/** Prints one line on stderr about how a job ended. @returns the matching exit code */
export function reportEnd(job: Job, terminal: Terminal): ExitCode {
  const paint = terminal.paintNote;
  const attempt = job.attempt > 1 ? ` in attempt ${job.attempt}` : "";
  const error =
    job.error && job.status !== "completed"
      ? `: ${safeLine(job.error.name)}: ${safeLine(job.error.message)}`
      : "";
  terminal.note(
    `${statusText(job.status, paint)}  v${job.version}  ${paint.dim(`job ${job.id}${attempt}`)}${error}`,
  );
  return job.status === "completed" ? EXIT.done : EXIT.jobFailed;
}
