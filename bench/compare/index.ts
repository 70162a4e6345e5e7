import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Figures, machine, medians } from "../report.js";
import type { Contender } from "./contender.js";
import { CONTENDERS } from "./contenders/index.js";
import type { Sizes } from "./order.js";
import { barChart } from "./plot.js";
import { measureOnce, measureUnderOldTransaction } from "./round.js";
import { type Setup, withServers } from "./stores.js";
import { markdown, printCompared } from "./table.js";

export interface CompareOptions {
  readonly jobs: number;
  readonly singles: number;
  readonly latencies: number;
  readonly concurrency: number;
  readonly rounds: number;
  readonly contenders: string;
  /** Jobs that are processed while another session holds a transaction open; 0: none. */
  readonly oldTransaction: number;
  readonly out: string;
}

export interface Compared {
  readonly name: string;
  readonly contender: Contender;
  readonly figures: Figures;
  readonly rounds: readonly Figures[];
}

/** Slow contenders get fewer jobs: a fraction gives the same figures, and a run must end. */
const SHARE: Readonly<Record<string, number>> = {
  "bullmq-table": 0.2,
  "bullmq-postgres": 0.1,
  "lockstep-embedded": 0.4,
};

/**
 * Compares Lockstep with what people use: the same payloads and concurrency, in interleaved rounds
 * on the same servers.
 */
export async function compare(options: CompareOptions): Promise<void> {
  const names = options.contenders === "all" ? Object.keys(CONTENDERS) : options.contenders.split(",");
  const contenders = new Map<string, Contender>();
  for (const name of names) {
    const load = CONTENDERS[name];
    if (!load) throw new Error(`there is no contender ${name}`);
    contenders.set(name, await load());
  }
  await withServers({ redis: true }, async (setup) => {
    for await (const { compared, rounds } of roundAfterRound(setup, contenders, options)) {
      printCompared(compared, rounds);
      write(compared, { ...options, rounds });
    }
  });
}

/** Writes the results after each round, so that an aborted run leaves what it measured. */
async function* roundAfterRound(
  setup: Setup,
  contenders: ReadonlyMap<string, Contender>,
  options: CompareOptions,
): AsyncIterable<{ readonly compared: readonly Compared[]; readonly rounds: number }> {
  const rounds = new Map<string, Figures[]>([...contenders.keys()].map((name) => [name, []]));
  for (let round = 1; round <= options.rounds; round++) {
    for (const [name, contender] of contenders) {
      const began = performance.now();
      const { concurrency } = options;
      const sizes = sizesOf(name, options);
      const figures = await measureOnce(setup, name, contender, { sizes, concurrency });
      const old =
        options.oldTransaction > 0 && contender.uses.postgres && round === 1 && !(name in SHARE)
          ? await measureUnderOldTransaction(setup, name, {
              sizes: { ...sizes, jobs: options.oldTransaction },
              concurrency,
            })
          : {};
      rounds.get(name)?.push({ ...figures, ...old });
      const seconds = Math.round((performance.now() - began) / 1_000);
      console.error(
        `round ${round}, ${name}: ${Math.round(figures["processed/s"] ?? 0)} processed/s (${seconds} s)`,
      );
    }
    yield { compared: summed(contenders, rounds), rounds: round };
  }
}

function summed(
  contenders: ReadonlyMap<string, Contender>,
  rounds: ReadonlyMap<string, readonly Figures[]>,
): Compared[] {
  return [...contenders].map(([name, contender]) => {
    const all = rounds.get(name) ?? [];
    return { name, contender, figures: { ...all[0], ...medians(all.map(withoutOld)) }, rounds: all };
  });
}

/** Measured in the first round only. */
function withoutOld(figures: Figures): Figures {
  const { "processed/s, old transaction open": _, ...rest } = figures;
  return rest;
}

function sizesOf(name: string, { jobs, singles, latencies }: CompareOptions): Sizes {
  const share = SHARE[name] ?? 1;
  return { jobs: Math.ceil(jobs * share), singles: Math.ceil(singles * share), latencies };
}

function write(compared: readonly Compared[], options: CompareOptions): void {
  mkdirSync(options.out, { recursive: true });
  const at = new Date().toISOString();
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const results = compared.map(
    ({ name, contender: { name: title, version, promises }, figures, rounds }) => ({
      name,
      title,
      version,
      promises,
      figures,
      rounds,
    }),
  );
  const file = join(options.out, `${at.slice(0, 10)}.json`);
  writeFileSync(file, `${JSON.stringify({ at, commit, machine: machine(), options, results }, null, 2)}\n`);
  writeFileSync(join(options.out, `${at.slice(0, 10)}.md`), markdown(compared, { at, commit, options }));
  for (const [figure, slug] of [
    ["processed/s", "processed"],
    ["submit to start p99 ms", "start-p99"],
  ] as const)
    writeFileSync(join(options.out, `${slug}.svg`), barChart(compared, figure));
  console.log(`written to ${options.out}`);
}
