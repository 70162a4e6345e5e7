import { loadavg } from "node:os";
import { onEmptyStores, withServers } from "../compare/stores.js";
import { type Figures, medians, printFigures } from "../report.js";

export interface TurnOptions {
  readonly slots: readonly number[];
  readonly jobs: number;
  readonly singles: number;
  readonly rounds: number;
}

/**
 * Lockstep alone on PostgreSQL, for a quick look after a change of the ledger or the worker. The
 * load of the machine is printed, because other programs make the rates smaller.
 */
export async function benchTurn({ slots, jobs, singles, rounds }: TurnOptions): Promise<void> {
  await withServers({ redis: false }, async (setup) => {
    const results = new Map<string, Figures[]>(slots.map((each) => [`${each} slots`, []]));
    for (let round = 0; round < rounds; round++) {
      for (const concurrency of slots) {
        const order = {
          contender: "lockstep",
          concurrency,
          sizes: { jobs, singles, latencies: 0 },
        };
        const figures = await onEmptyStores(setup, async ({ run }) => {
          const submitted = await run({ ...order, what: "submit" });
          return { ...(await run({ ...order, what: "work" })), ...submitted };
        });
        results.get(`${concurrency} slots`)?.push(figures);
      }
    }
    console.log(`load of the machine, with this run in it: ${loadavg()[0]?.toFixed(1)}`);
    printFigures(
      Object.fromEntries([...results].map(([name, all]) => [name, withoutUnused(medians(all))])),
      rounds,
    );
  });
}

function withoutUnused({ "CPU microseconds a job, Redis": _, ...figures }: Figures): Figures {
  return figures;
}
