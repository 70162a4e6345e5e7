import type { JobError, TerminalStatus } from "../job/index.js";
import type { BatchLedger } from "../ledger/index.js";
import type { BatchRanking } from "../workload/index.js";

export interface RankedResult {
  /** 1 is the best; null for a job that did not complete or has no score. */
  readonly rank: number | null;
  readonly job_id: string;
  readonly status: TerminalStatus;
  readonly attempt: number;
  readonly score: number | null;
  /** One value for each of the kind's columns. */
  readonly values: Readonly<Record<string, string | number | null>>;
  readonly error: Pick<JobError, "code" | "message"> | null;
}

/**
 * The results of a batch's finished jobs: the best first, then those without a score, then
 * failures. While the batch is running these are the results so far. Outputs are released page by
 * page: only one row is kept per job.
 */
export async function rankedResults(
  ledger: Pick<BatchLedger, "finished">,
  id: string,
  ranking: BatchRanking | null,
): Promise<RankedResult[]> {
  const found: Omit<RankedResult, "rank">[] = [];
  for await (const page of ledger.finished(id)) {
    for (const { id: job_id, status, attempt, input, output, error } of page) {
      const cells = ranking?.row(input, output) ?? [];
      found.push({
        job_id,
        status,
        attempt,
        score: status === "completed" ? (ranking?.score(output) ?? null) : null,
        values: Object.fromEntries(
          ranking?.columns.map((column, index) => [column, cells[index] ?? null]) ?? [],
        ),
        error: error && { code: error.code, message: error.message },
      });
    }
  }
  const ranked = found.sort(compare);
  return ranked.map((result, index) => ({ rank: result.score === null ? null : index + 1, ...result }));
}

const ORDER: Readonly<Record<TerminalStatus, number>> = { completed: 0, failed: 1, cancelled: 2 };

function compare(a: Omit<RankedResult, "rank">, b: Omit<RankedResult, "rank">): number {
  if (a.score !== null && b.score !== null && a.score !== b.score) return a.score - b.score;
  if ((a.score === null) !== (b.score === null)) return a.score === null ? 1 : -1;
  return ORDER[a.status] - ORDER[b.status] || (a.job_id < b.job_id ? -1 : 1);
}
