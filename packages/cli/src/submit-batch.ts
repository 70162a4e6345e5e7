import { resolve } from "node:path";
import type { Batch } from "lockstep/internal/ledger";
import type { CommandBatch, Follow } from "lockstep/internal/workload";
import { batchText } from "./batch-text.js";
import type { ApiClient } from "./client/api-client.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { followBatch, reportBatchEnd } from "./follow-batch.js";
import { printResults } from "./print-results.js";
import type { Terminal } from "./terminal.js";
import { upload } from "./transfer.js";

const SHOWN_MAX = 20;

interface SubmitBatch extends CommandBatch, Follow {
  readonly terminal: Terminal;
  readonly json: boolean;
}

/** Submits one job for each entry of a file, as one batch. */
export async function submitBatch(api: ApiClient, asked: SubmitBatch): Promise<ExitCode> {
  const { kind, name, input, terminal, json, timeoutSeconds } = asked;
  const library = await upload(api, resolve(asked.library));
  const submitted = await api.post<Batch>("/api/batches", {
    body: { kind, name, input, library, skip_invalid: asked.skipInvalid },
  });
  if (!asked.wait) {
    if (json) terminal.json({ schema: "lockstep.batch/1", ...submitted });
    else terminal.out(submitted.id);
    if (!json && terminal.width !== null)
      terminal.note(terminal.paintNote.dim(`follow it with: lockstep batches watch ${submitted.id}`));
    return EXIT.done;
  }
  if (!json) terminal.note(batchText(submitted, { paint: terminal.paintNote }));
  const batch = await followBatch(api, submitted.id, { timeoutSeconds, terminal });
  const exitCode = reportBatchEnd(batch, terminal);
  await printResults(api, batch.id, { terminal, json, limit: json ? null : SHOWN_MAX });
  return exitCode;
}
