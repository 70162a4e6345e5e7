/**
 * Measures Lockstep: `npm run bench` compares it with what people use today; `-- ledger`,
 * `projection`, `reads`, `latency`, `events` or `doctor` measures it alone. It starts its own
 * servers, puts a bounded load on them, prints a table, writes the figures as JSON and stops.
 * Machines vary: compare within one run, as ratios of medians.
 */
import { Command, InvalidArgumentError } from "commander";
import { benchArchive } from "./archive/index.js";
import { compare } from "./compare/index.js";
import { benchDoctor } from "./doctor/index.js";
import { benchHistory } from "./ledger/history.js";
import { benchLedger } from "./ledger/index.js";
import { benchEvents } from "./machines/events.js";
import { benchLatency } from "./machines/latency.js";
import { benchReads } from "./machines/reads.js";
import { benchProfile } from "./profile/index.js";
import { benchProjection } from "./projection/index.js";
import { benchTurn } from "./turn/index.js";

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("must be a positive whole number");
  return value;
};

const natural = (text: string): number => (text === "0" ? 0 : positive(text));

const positives = (text: string): number[] => text.split(",").map(positive);

const program = new Command("bench").description("Measure Lockstep on this machine.");

program
  .command("compare", { isDefault: true })
  .description("Lockstep beside BullMQ, graphile-worker and pg-boss, on the same servers")
  .option("--jobs <n>", "jobs in each measurement", positive, 60_000)
  .option("--singles <n>", "jobs submitted one at a time by 64 callers", positive, 10_000)
  .option("--latencies <n>", "jobs submitted one after the other to an idle system", positive, 300)
  .option("--rounds <n>", "interleaved rounds; medians are printed", positive, 5)
  .option("--cases <names>", "cases or contenders, separated by commas, or all", "all")
  .option("--long <n>", "jobs with and without an old transaction open, 0 for none", natural, 200_000)
  .option("--history <n>", "jobs of one worker, once, to watch its memory; 0 for none", natural, 1_000_000)
  .option("--finished <n>", "finished jobs in one of the ledgers, 0 for none", natural, 0)
  .option("--node <version>", "24, or the path of a Node.js that runs all contenders")
  .option("--out <folder>", "where figures, table and plots are written", "bench/results")
  .action(compare);

program
  .command("turn")
  .description("a quick look at Lockstep alone: rates, CPU and WAL of submitting and processing")
  .option("--slots <numbers>", "handlers at once, separated by commas", positives, [100, 400])
  .option("--jobs <n>", "jobs in each measurement", positive, 60_000)
  .option("--singles <n>", "of them, submitted one at a time by 64 callers", positive, 6_000)
  .option("--rounds <n>", "interleaved rounds; medians are printed", positive, 1)
  .action(benchTurn);

program
  .command("profile")
  .description(
    "where a job's microseconds go: in Node.js by function, in PostgreSQL by statement and trigger",
  )
  .option("--slots <n>", "handlers at once", positive, 100)
  .option("--jobs <n>", "jobs in each measurement", positive, 60_000)
  .option("--out <folder>", "where the CPU profiles of V8 are written", "bench/results")
  .action(benchProfile);

program
  .command("ledger")
  .description("submit, process and settle no-op jobs on PostgreSQL and on the embedded database")
  .option("--jobs <n>", "jobs in each measurement", positive, 100_000)
  .option("--history <n>", "jobs processed in one go to watch the memory; 0: none", Number, 1_000_000)
  .option("--rounds <n>", "interleaved rounds; medians are printed", positive, 3)
  .option("--engine <name>", "postgres, pglite or both", "both")
  .option("--json <file>", "also write the figures to this file")
  .action(benchLedger);

program
  .command("archive")
  .description("archive finished jobs, alone and beside a worker; remove the feed's old changes")
  .option("--slots <n>", "handlers at once", positive, 100)
  .option("--jobs <n>", "jobs in each measurement", positive, 60_000)
  .option("--rounds <n>", "rounds; medians are printed", positive, 3)
  .action(benchArchive);

program
  .command("history")
  .description("submit and process jobs in a ledger with many finished jobs, compared with an empty one")
  .option("--jobs <n>", "jobs in each measurement", positive, 60_000)
  .option("--finished <numbers>", "finished jobs, separated by commas", positives, [1_000_000, 5_000_000])
  .option("--rounds <n>", "interleaved rounds; medians are printed", positive, 3)
  .option("--json <file>", "also write the figures to this file")
  .action(benchHistory);

program
  .command("projection")
  .description("process jobs with the copies in Redis on and off, and rebuild them after FLUSHALL")
  .option("--jobs <n>", "jobs in each measurement", positive, 100_000)
  .option("--rounds <n>", "interleaved rounds; medians are printed", positive, 3)
  .option("--json <file>", "also write the figures to this file")
  .action(benchProjection);

program
  .command("reads")
  .description("read statuses of random jobs over HTTP, against constant answers")
  .option("--jobs <n>", "jobs to read from", positive, 100_000)
  .option("--rounds <n>", "interleaved rounds; medians are printed", positive, 3)
  .option("--seconds <n>", "of each measurement", positive, 5)
  .action(benchReads);

program
  .command("latency")
  .description("from the submit until the handler starts on an idle system, against BullMQ")
  .option("--jobs <n>", "jobs, one after the other", positive, 500)
  .option("--rounds <n>", "interleaved rounds; medians are printed", positive, 3)
  .action(benchLatency);

program
  .command("events")
  .description("from a transition's commit until a client of the event stream has it")
  .option("--rate <n>", "jobs a second", positive, 2_000)
  .option("--seconds <n>", "of each measurement", positive, 8)
  .option("--rounds <n>", "medians are printed", positive, 3)
  .action(benchEvents);

program
  .command("doctor")
  .description(
    "check a Redis hash of JSON against a table with 0.5 % of drift, compared with the usual script",
  )
  .option("--pairs <n>", "jobs that are in both", positive, 1_000_000)
  .option(
    "--naive <n>",
    "how many of these the script reads; its time is multiplied for the rest",
    positive,
    20_000,
  )
  .option("--rounds <n>", "rounds; medians are printed", positive, 1)
  .option("--json <file>", "also write the figures to this file")
  .action(benchDoctor);

await program.parseAsync();
