import { resolve } from "node:path";
import type { RankedResult } from "lockstep/internal/batches";
import type { Batch } from "lockstep/internal/ledger";
import { batchText, resultsText } from "./batch-text.js";
import type { ApiClient } from "./client/api-client.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { followBatch, reportBatchEnd } from "./follow-batch.js";
import type { Terminal } from "./terminal.js";
import { upload } from "./transfer.js";

const SHOWN_MAX = 20;

interface LibraryDocking {
  readonly library: string;
  readonly input: object;
  readonly name: string | undefined;
  readonly skipInvalid: boolean;
  readonly wait: boolean;
  readonly timeoutSeconds: number | null;
  readonly terminal: Terminal;
  readonly json: boolean;
}

/** Docks every compound of a file into one protein, as one batch. */
export async function dockLibrary(api: ApiClient, asked: LibraryDocking): Promise<ExitCode> {
  const { terminal, json } = asked;
  const submitted = await api.post<Batch>("/api/batches", {
    body: {
      kind: "docking",
      name: asked.name,
      input: asked.input,
      library: await upload(api, resolve(asked.library)),
      skip_invalid: asked.skipInvalid,
    },
  });
  if (!asked.wait) {
    if (json) terminal.json({ schema: "lockstep.batch/1", ...submitted });
    else terminal.out(submitted.id);
    if (!json && terminal.width !== null)
      terminal.note(terminal.paintNote.dim(`follow it with: lockstep batches watch ${submitted.id}`));
    return EXIT.done;
  }
  if (!json) terminal.note(batchText(submitted, { paint: terminal.paintNote }));
  const { timeoutSeconds } = asked;
  const batch = await followBatch(api, submitted.id, { timeoutSeconds, terminal });
  const exitCode = reportBatchEnd(batch, terminal);
  await printResults(api, batch.id, { terminal, json, limit: json ? null : SHOWN_MAX });
  return exitCode;
}

interface ResultsAnswer {
  readonly batch: Batch;
  readonly columns: readonly string[];
  readonly results: readonly RankedResult[];
}

/** Prints what a batch has found, best first. @param options.limit null: all */
export async function printResults(
  api: ApiClient,
  id: string,
  {
    terminal,
    json,
    limit,
  }: { readonly terminal: Terminal; readonly json: boolean; readonly limit: number | null },
): Promise<void> {
  const query = limit === null ? {} : { limit };
  const answer = await api.get<ResultsAnswer>(`/api/batches/${id}/results`, { query });
  const { batch, columns, results } = answer;
  if (json) return void terminal.json({ schema: "lockstep.batch-results/1", ...answer });
  if (results.length === 0) return void terminal.note("No job of the batch has ended yet.");
  terminal.out(resultsText(results, columns, terminal));
  const more = batch.progress.finished - results.length;
  const open = batch.jobs - batch.progress.finished;
  if (more > 0)
    terminal.note(terminal.paintNote.dim(`${more} more: lockstep batches results ${id} --format csv`));
  if (open > 0)
    terminal.note(terminal.paintNote.dim(`${open} jobs have not ended yet: these are the results until now`));
}
