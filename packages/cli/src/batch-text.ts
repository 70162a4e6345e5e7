import type { RankedResult } from "lockstep/internal/batches";
import type { Batch } from "lockstep/internal/ledger";
import { statusText } from "./job-text.js";
import type { ProgressState } from "./progress.js";
import { safeLine } from "./safe-text.js";
import { type Column, renderTable } from "./table.js";
import type { Terminal } from "./terminal.js";

export const BATCH_COLUMNS: readonly Column<Batch>[] = [
  { title: "ID", cell: ({ id }) => id },
  { title: "NAME", cell: ({ name }) => safeLine(name), shrinkTo: 8 },
  { title: "KIND", cell: ({ kind }) => safeLine(kind) },
  { title: "JOBS", cell: ({ jobs }) => String(jobs), align: "right" },
  { title: "WAIT", cell: ({ counts }) => String(counts.pending), align: "right" },
  { title: "RUN", cell: ({ counts }) => String(counts.running), align: "right" },
  { title: "DONE", cell: ({ counts }) => String(counts.completed), align: "right" },
  { title: "FAILED", cell: ({ counts }) => String(counts.failed), align: "right" },
  { title: "CANCELLED", cell: ({ counts }) => String(counts.cancelled), align: "right" },
  { title: "CREATED", cell: ({ created_at }) => created_at.slice(0, 19).replace("T", " ") },
];

/** A summary of a batch in a few lines. */
export function batchText(batch: Batch, { paint }: Pick<Terminal, "paint">): string {
  const { counts, progress, jobs, skipped, skipped_lines } = batch;
  const percent = Math.floor(progress.fraction * 100);
  return [
    `${paint.bold(safeLine(batch.name))}  ${paint.dim(`batch ${batch.id}`)}`,
    `${progress.finished} of ${jobs} jobs of kind ${safeLine(batch.kind)} have ended (${percent} %), as of ${batch.as_of}`,
    `  ${countsText(counts)}`,
    ...(skipped > 0 ? [paint.yellow(`${skipped} lines of the library were left out:`)] : []),
    ...skipped_lines
      .slice(0, 10)
      .map(({ line, detail }) => paint.yellow(`  line ${line}: ${safeLine(detail)}`)),
  ].join("\n");
}

export function countsText(counts: Batch["counts"]): string {
  const { completed, failed, cancelled, running, pending } = counts;
  return `${completed} completed, ${failed} failed, ${cancelled} cancelled, ${running} running, ${pending} waiting`;
}

/** A batch's progress for the progress bar. */
export function batchProgress({ counts, progress, jobs }: Batch): ProgressState {
  const failed = counts.failed > 0 ? `, ${counts.failed} failed` : "";
  return {
    label: progress.finished === jobs ? "done" : "running",
    fraction: progress.fraction,
    done: progress.finished,
    total: jobs,
    message: `${counts.running} running${failed}`,
  };
}

/** The best results as a table: rank, the kind's own columns, and why a job has no result. */
export function resultsText(
  results: readonly RankedResult[],
  columns: readonly string[],
  { paint, width }: Pick<Terminal, "paint" | "width">,
): string {
  const own = columns.map((title): Column<RankedResult> => {
    const isNumber = results.every(({ values }) => typeof (values[title] ?? 0) === "number");
    return {
      title: title.toUpperCase().replaceAll("_", " "),
      cell: ({ values }) => safeLine(String(values[title] ?? "")),
      align: isNumber ? "right" : "left",
      shrinkTo: 8,
    };
  });
  const ending: Column<RankedResult> = {
    title: "STATUS",
    cell: ({ status, error }) => `${statusText(status, paint)}${error ? `  ${safeLine(error.message)}` : ""}`,
    shrinkTo: 10,
  };
  const rank: Column<RankedResult> = {
    title: "RANK",
    cell: (result) => String(result.rank ?? ""),
    align: "right",
  };
  const job: Column<RankedResult> = { title: "JOB", cell: ({ job_id }) => job_id };
  const all = columns.length === 0 ? [rank, job, ending] : [rank, ...own, ending];
  return renderTable(all, results, width);
}
