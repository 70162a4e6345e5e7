import { writeFile } from "node:fs/promises";
import { type Postgres, startPostgres } from "../../tests/servers/postgres.js";
import { type Figures, machine, medians, printFigures } from "../report.js";
import { fillWithFinished } from "./finished.js";
import { processByWorker, submitInBatches } from "./load.js";
import { openSubject, type Subject } from "./subject.js";

export interface HistoryOptions {
  readonly jobs: number;
  readonly finished: readonly number[];
  readonly rounds: number;
  readonly json?: string;
}

/**
 * Whether the ledger becomes slower with its history: a ledger with many finished jobs and an empty
 * one, in interleaved rounds.
 */
export async function benchHistory(options: HistoryOptions): Promise<void> {
  const postgres = await startPostgres({ settings: { shared_buffers: "1GB", max_wal_size: "8GB" } });
  try {
    const results: Record<string, Figures> = {};
    for (const finished of options.finished) {
      const full = await openSubject("postgres", postgres);
      console.error(`filling in ${finished.toLocaleString("en")} finished jobs`);
      await fillWithFinished(full.url ?? "", finished);
      const rounds: Figures[] = [];
      for (let round = 1; round <= options.rounds; round++) {
        console.error(`round ${round} of ${options.rounds}, ${options.jobs} jobs in each measurement`);
        rounds.push(await oneRound(postgres, full, options.jobs));
      }
      results[`${finished.toLocaleString("en")} finished`] = medians(rounds);
      await full.close();
    }
    printFigures(results, options.rounds);
    if (options.json)
      await writeFile(
        options.json,
        `${JSON.stringify({ at: new Date().toISOString(), machine: machine(), options, results }, null, 2)}\n`,
      );
  } finally {
    await postgres.remove();
  }
}

async function oneRound(postgres: Postgres, full: Subject, jobs: number): Promise<Figures> {
  const empty = await openSubject("postgres", postgres);
  const without = await measured(empty, jobs);
  await empty.close();
  const kept = await measured(full, jobs);
  return {
    "submit/s, empty ledger": without.submit,
    "submit/s, with the history": kept.submit,
    "  of the empty one's": kept.submit / without.submit,
    "processed/s, empty ledger": without.process,
    "processed/s, with the history": kept.process,
    "  of the empty ledger's": kept.process / without.process,
  };
}

async function measured(subject: Subject, jobs: number): Promise<{ submit: number; process: number }> {
  const submit = await submitInBatches(subject, jobs);
  const { perSecond } = await processByWorker(subject, jobs);
  return { submit, process: perSecond };
}
