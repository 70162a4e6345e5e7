import { type Bench, claim, completed, failed, registerWorker, settlement } from "../ledger/engines.js";

export interface Load {
  /** Ends the load, with every job finished. @returns how many jobs there were */
  finish(): Promise<number>;
}

/**
 * Submits, claims and settles until it is stopped. One in four attempts fails and is tried again.
 */
export async function startLoad(bench: Bench, batch = 20): Promise<Load> {
  const worker = await registerWorker(bench);
  let submitting = true;
  let submitted = 0;
  let attempts = 0;

  const turn = async (): Promise<number> => {
    const jobs = await claim(bench, worker, batch);
    const outcomes = jobs.map((job) => {
      const fails = attempts++ % 4 === 0 && job.attempt < job.max_attempts;
      return settlement(job, fails ? failed(0) : completed({ attempt: job.attempt }));
    });
    await bench.ledger.turn(outcomes, null);
    return jobs.length;
  };
  const run = async (): Promise<void> => {
    for (let left = 1; submitting || left > 0; ) {
      if (submitting) {
        await bench.ledger.submitMany(Array(batch).fill({ kind: "noop", input: { n: submitted } }));
        submitted += batch;
      }
      left = await turn();
    }
  };
  const running = run();
  // It is awaited in `finish`; until then an error must not end the process.
  running.catch(() => undefined);
  return {
    async finish() {
      submitting = false;
      await running;
      return submitted;
    },
  };
}
