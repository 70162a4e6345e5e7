import type { Figures } from "../report.js";

/** One line of the targets: a figure, or a ratio of two figures, and what it has to reach. */
export interface Line {
  readonly measure: string;
  readonly measured: number;
  readonly reach: number;
  readonly aim: number;
  /** Whether less is better. */
  readonly less: boolean;
}

type ByCase = Readonly<Record<string, Figures>>;

const PROCESSED = "processed/s";
const AT_100 = "lockstep@100";

interface Ratio {
  readonly measure: string;
  readonly figure?: string;
  readonly of: string;
  readonly over: string;
  readonly reach: number;
  readonly aim: number;
}

/** Of processed jobs a second, unless a figure is named. */
const RATIOS: readonly Ratio[] = [
  { measure: "processed/s at 100, times BullMQ", of: AT_100, over: "bullmq@100", reach: 1.35, aim: 1.6 },
  { measure: "... at 400, times BullMQ", of: "lockstep@400", over: "bullmq@400", reach: 1.7, aim: 2.2 },
  {
    measure: "... at 500, times graphile-worker",
    of: "lockstep@500",
    over: "graphile-worker@500",
    reach: 1.4,
    aim: 1.8,
  },
  { measure: "... at 2,000, times pg-boss", of: "lockstep@2000", over: "pg-boss@2000", reach: 1.4, aim: 1.8 },
  { measure: "... times BullMQ with a table", of: AT_100, over: "bullmq-table@100", reach: 8, aim: 12 },
  { measure: "... times BullMQ on PostgreSQL", of: AT_100, over: "bullmq-postgres@100", reach: 15, aim: 20 },
  {
    measure: "embedded, times BullMQ on Redis",
    of: "lockstep-embedded@100",
    over: "bullmq@100",
    reach: 0.6,
    aim: 0.9,
  },
  {
    measure: "submit/s in batches of 1,000, times graphile-worker",
    figure: "submit/s, batches of 1,000",
    of: AT_100,
    over: "graphile-worker@500",
    reach: 1,
    aim: 1.3,
  },
  {
    measure: "submit/s one at a time, 64 callers, times BullMQ",
    figure: "submit/s, 64 callers",
    of: AT_100,
    over: "bullmq@100",
    reach: 0.8,
    aim: 1,
  },
  {
    measure: "processed/s under an old transaction, times without",
    of: "lockstep@100 old transaction",
    over: "lockstep@100 long",
    reach: 0.93,
    aim: 0.97,
  },
  {
    measure: "processed/s with many finished jobs, times without",
    of: "lockstep@100 finished",
    over: AT_100,
    reach: 0.9,
    aim: 0.95,
  },
];

/** Lines whose cases were not measured are left out. @param commitMs a durable commit of one row */
export function linesOf(byCase: ByCase, commitMs: number): Line[] {
  const figure = (of: string, name: string) => byCase[of]?.[name] ?? Number.NaN;
  const ratios = RATIOS.map(({ measure, figure: name = PROCESSED, of, over, reach, aim }) => ({
    measure,
    measured: figure(of, name) / figure(over, name),
    reach,
    aim,
    less: false,
  }));
  const cost = (measure: string, measured: number, reach: number, aim: number): Line =>
    ({ measure, measured, reach, aim, less: true }) satisfies Line;
  const p50 = "submit to start p50 ms";
  const p99 = "submit to start p99 ms";
  const bullmqP50 = figure("bullmq@100", p50);
  const bullmqP99 = figure("bullmq@100", p99);
  return [
    ...ratios,
    cost("submit to start, idle, p50 ms", figure(AT_100, p50), 1.5, bullmqP50 + commitMs),
    cost("submit to start, idle, p99 ms", figure(AT_100, p99), bullmqP99, bullmqP99),
    cost("CPU microseconds a job, worker", figure(AT_100, "CPU microseconds a job, worker"), 22, 15),
    cost("CPU microseconds a job, PostgreSQL", figure(AT_100, "CPU microseconds a job, PostgreSQL"), 48, 40),
    cost(
      "WAL bytes a job, claim and settle",
      figure(AT_100, "WAL bytes a job, claim and settle"),
      1_650,
      1_100,
    ),
    cost("RSS MiB of a worker after many jobs", figure("lockstep@100 history", "worker RSS MiB"), 180, 150),
    cost(
      "fresh embedded createLockstep, ms",
      figure("lockstep-embedded@100", "fresh embedded createLockstep ms"),
      1_000,
      700,
    ),
  ].filter(({ measured, reach }) => !Number.isNaN(measured) && !Number.isNaN(reach));
}

/** What the measured figure means, in a word or two. */
export function verdict({ measured, reach, aim, less }: Line): string {
  const meets = (target: number) => (less ? measured <= target : measured >= target);
  return meets(aim) ? "aim" : meets(reach) ? "reached" : "missed";
}
