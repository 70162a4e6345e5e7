import { writeFile } from "node:fs/promises";
import { startPostgres } from "../../tests/servers/postgres.js";
import { startRedis } from "../../tests/servers/redis.js";
import { type Figures, machine, medians, printFigures } from "../report.js";
import { plantPairs } from "./plant-pairs.js";
import { runDoctor } from "./run-doctor.js";
import { runNaive } from "./run-naive.js";
import { watchCommands } from "./slow-commands.js";

export interface DoctorBenchOptions {
  readonly pairs: number;
  readonly rounds: number;
  /** Pairs that the usual script reads; its time is multiplied for the rest. */
  readonly naive: number;
  readonly json?: string;
}

const DRIFT_EVERY = 200;

/**
 * A check of a Redis hash of JSON against a table with 0.5 % of drift, compared with the usual
 * script.
 */
export async function benchDoctor(options: DoctorBenchOptions): Promise<void> {
  const { pairs } = options;
  const postgres = await startPostgres({ settings: { shared_buffers: "256MB" } });
  const redis = await startRedis();
  try {
    console.error(`planting ${pairs} pairs`);
    await plantPairs({ databaseUrl: postgres.url, redisUrl: redis.url, pairs, driftEvery: DRIFT_EVERY });
    const rounds: Figures[] = [];
    for (let round = 1; round <= options.rounds; round += 1) {
      console.error(`round ${round} of ${options.rounds}`);
      rounds.push(await oneRound(postgres.url, redis.url, options));
    }
    const results = { doctor: medians(rounds) };
    printFigures(results, options.rounds);
    if (options.json) {
      const report = { at: new Date().toISOString(), machine: machine(), options, results, rounds };
      await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    }
  } finally {
    await redis.remove();
    await postgres.remove();
  }
}

async function oneRound(
  databaseUrl: string,
  redisUrl: string,
  options: DoctorBenchOptions,
): Promise<Figures> {
  const { pairs } = options;
  const commands = await watchCommands(redisUrl);
  const doctor = await runDoctor({ databaseUrl, redisUrl });
  const slow = await commands.read();
  console.error(`slowest command: ${slow.slowest} (${slow.slowestMs} ms); ${slow.overLimit} over 5 ms`);
  const expected = Math.floor(pairs / DRIFT_EVERY);
  if (doctor.drifting !== expected) throw new Error(`${doctor.drifting} found, ${expected} planted`);
  const read = Math.min(pairs, options.naive);
  const naive_seconds = ((await runNaive({ databaseUrl, redisUrl, pairs: read })) / read) * pairs;
  return {
    pairs,
    found: doctor.drifting,
    seconds: doctor.seconds,
    command_seconds: doctor.commandSeconds,
    pairs_per_second: Math.round(pairs / doctor.seconds),
    cpu_seconds: doctor.cpuSeconds,
    rss_mb_max: doctor.rssMb,
    slowest_redis_command_ms: slow.slowestMs,
    redis_commands_over_5ms: slow.overLimit,
    naive_seconds,
    times_faster: naive_seconds / doctor.seconds,
  };
}
