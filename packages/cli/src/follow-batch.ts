import { setTimeout as delay } from "node:timers/promises";
import { LockstepError } from "lockstep/internal/errors";
import type { Batch } from "lockstep/internal/ledger";
import { batchProgress, countsText } from "./batch-text.js";
import { type ApiClient, isPassing } from "./client/api-client.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { createProgressLine } from "./progress.js";
import { safeLine } from "./safe-text.js";
import type { Terminal } from "./terminal.js";

const POLL_MS = 1_000;
const SILENT_MS_MAX = 120_000;

/**
 * Polls a batch until all its jobs have ended, with a progress bar on stderr.
 * @throws LockstepError WAIT_TIMEOUT when the time is up, STATUS_UNKNOWN when the server does not
 *   answer for two minutes
 */
export async function followBatch(
  client: ApiClient,
  id: string,
  { timeoutSeconds, terminal }: { readonly timeoutSeconds: number | null; readonly terminal: Terminal },
): Promise<Batch> {
  const endMs = timeoutSeconds === null ? Number.POSITIVE_INFINITY : Date.now() + timeoutSeconds * 1_000;
  const line = createProgressLine(terminal);
  let answeredMs = Date.now();
  let isSilent = false;
  try {
    for (;;) {
      try {
        const batch = await client.get<Batch>(`/api/batches/${id}`);
        answeredMs = Date.now();
        isSilent = false;
        line.update(batchProgress(batch));
        if (batch.progress.finished >= batch.jobs) return batch;
      } catch (error) {
        if (!isPassing(error) || !(error instanceof Error)) throw error;
        if (Date.now() - answeredMs > SILENT_MS_MAX)
          throw new LockstepError("STATUS_UNKNOWN", "the server has not answered for 120 s", {
            cause: error,
          });
        if (!isSilent)
          line.note(
            terminal.paintNote.yellow(
              `the server does not answer (${safeLine(error.message)}); trying again`,
            ),
          );
        isSilent = true;
      }
      if (Date.now() >= endMs)
        throw new LockstepError("WAIT_TIMEOUT", `batch ${id} has not finished after ${timeoutSeconds} s`);
      await delay(Math.min(POLL_MS, Math.max(0, endMs - Date.now())));
    }
  } finally {
    line.end();
  }
}

/** Prints one line on stderr about how a batch ended. @returns 5 when some job did not complete */
export function reportBatchEnd({ id, counts }: Batch, terminal: Terminal): ExitCode {
  terminal.note(`${countsText(counts)}  ${terminal.paintNote.dim(`batch ${id}`)}`);
  return counts.failed + counts.cancelled === 0 ? EXIT.done : EXIT.jobFailed;
}
