import type { RankedResult } from "lockstep/internal/batches";
import type { Batch } from "lockstep/internal/ledger";
import { resultsText } from "./batch-text.js";
import type { ApiClient } from "./client/api-client.js";
import type { Terminal } from "./terminal.js";

interface ResultsAnswer {
  readonly batch: Batch;
  readonly columns: readonly string[];
  readonly results: readonly RankedResult[];
}

/** Prints the results of a batch, best first. @param options.limit null: all */
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
    terminal.note(terminal.paintNote.dim(`${open} jobs have not ended yet: these are the results so far`));
}
