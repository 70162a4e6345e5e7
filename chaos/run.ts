import { appendFileSync, copyFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { untilSettled, Workload } from "./client/workload.js";
import { dieCalmly } from "./faults/calm.js";
import type { Fault } from "./faults/fault.js";
import { Storm } from "./faults/storm.js";
import { Recorder } from "./history/recorder.js";
import { Findings } from "./oracle/finding.js";
import { doubleEnds, judgeLedger, type LedgerJob, unfinished } from "./oracle/ledger.js";
import { judgeViews, storiesOf } from "./oracle/views.js";
import { openPlace, type Place } from "./place.js";
import { Random } from "./random.js";
import type { OpenSystem, System } from "./systems/system.js";

const LEASE_SECONDS = 3;
/**
 * Upper bound for the reclaim grace period, retries, and a rebuild of the copy. Jobs unfinished
 * after that are stuck.
 */
const PATIENCE_MS = 120_000;
/** At the end every view of the newest and of some other jobs is read once more. */
const FINAL_JOBS = 3_000;
const KEPT_TOGETHER = 1_000;

export interface RunOptions {
  readonly system: System;
  readonly seed: number;
  readonly minutes: number;
  /** Jobs a second. */
  readonly rate: number;
  /** Milliseconds between two faults. */
  readonly everyMs: number;
  readonly faults: readonly Fault[];
  /** Whether a process must die at each crash point. */
  readonly allPoints: boolean;
  /** Folder for the history and the logs; null: none. */
  readonly keep: string | null;
  readonly say: (line: string) => void;
}

export interface Verdict {
  readonly system: string;
  readonly version: string;
  readonly seed: number;
  readonly jobs: number;
  readonly faults: number;
  readonly reads: number;
  readonly unknown: number;
  readonly lost: number;
  readonly lies: number;
  readonly liesByKind: readonly (readonly [string, number])[];
  readonly stuck: number;
  readonly doubles: number;
  readonly longestBehindMs: number;
  readonly pointsMissed: readonly string[];
  readonly examples: readonly string[];
  readonly seconds: number;
}

/** One run of one system: a workload under a storm, the repair, and the oracle's verdict. */
export async function runOnce(options: RunOptions): Promise<Verdict> {
  const began = performance.now();
  const place = await openPlace();
  const recorder = new Recorder(
    options.keep === null ? null : join(options.keep, `history-${options.seed}.ndjson`),
  );
  try {
    const system = await options.system.open({ place, recorder, leaseSeconds: LEASE_SECONDS });
    try {
      const judged = await stormAndJudge(options, place, system, recorder);
      return { ...judged, seconds: (performance.now() - began) / 1_000 };
    } finally {
      await system.close();
      if (options.keep !== null) keepLogs(place.folder, options.keep);
    }
  } finally {
    await recorder.close();
    await place.close();
  }
}

async function stormAndJudge(
  options: RunOptions,
  place: Place,
  system: OpenSystem,
  recorder: Recorder,
): Promise<Omit<Verdict, "seconds">> {
  const { seed, say } = options;
  const random = new Random(seed);
  const points = crashPointOrder(system, recorder, random.fork());
  const workload = new Workload({
    system,
    recorder,
    random: random.fork(),
    seed,
    rate: options.rate,
  });
  const arena = { place, system, workload, leaseSeconds: LEASE_SECONDS, nextCrashPoint: points.next };
  const storm = new Storm({
    arena,
    recorder,
    random: random.fork(),
    everyMs: options.everyMs,
    faults: options.faults,
  });
  workload.start();
  if (options.allPoints) {
    // While there is little to rebuild: later a rebuild seldom finishes before the next fault.
    const early = points.missed(true).filter((point) => point.startsWith("rebuild"));
    await dieCalmly(arena, recorder, early);
  }
  storm.start();
  await keepTime(options, workload, recorder);
  say("  healing");
  await storm.end();
  const missed = points.missed(options.allPoints);
  if (missed.length > 0) {
    say(`  no process has ${options.allPoints ? "died at" : "reached"}: ${missed.join("; ")}`);
    workload.ease();
    await dieCalmly(arena, recorder, missed);
  }
  workload.stopSubmitting();
  const left = await untilSettled({ system, recorder }, someOf(workload.keys, FINAL_JOBS), PATIENCE_MS);
  await workload.stop();
  say(`  judging ${recorder.events.length} events${left.size > 0 ? `, ${left.size} jobs unfinished` : ""}`);
  for (const key of new Set([...left, ...someOf(workload.keys, FINAL_JOBS)]))
    for (const view of system.views) if (view !== "list") await workload.readOnce("final", view, key, true);
  return await judge(options, system, recorder, workload, points.missed);
}

/** Runs the storm for its time. */
async function keepTime({ minutes, say }: RunOptions, workload: Workload, recorder: Recorder): Promise<void> {
  const until = performance.now() + minutes * 60_000;
  let saidAt = performance.now();
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (performance.now() - saidAt < 20_000) continue;
    saidAt = performance.now();
    const faults = recorder.events.reduce((count, event) => count + (event.e === "fault" ? 1 : 0), 0);
    say(`  ${Math.round((until - saidAt) / 1_000)} s left: ${workload.acceptedCount} jobs, ${faults} faults`);
  }
}

/**
 * Every crash point without a death, in a random order, then all of them again. Rebuilds first:
 * they take longer with more jobs.
 */
function crashPointOrder(system: OpenSystem, recorder: Recorder, random: Random) {
  let open: string[] = [];
  const missed = (mustDie: boolean) => {
    const { pointsDied, pointsPassed } = recorder;
    return system.crashPoints.filter((point) => !(mustDie ? pointsDied : pointsPassed).has(point));
  };
  return {
    missed,
    next(): string | null {
      if (open.length === 0) {
        const left = missed(true);
        open = random.shuffled(left.length > 0 ? left : system.crashPoints);
        open.sort((a, b) => Number(a.startsWith("rebuild")) - Number(b.startsWith("rebuild")));
      }
      return open.pop() ?? null;
    },
  };
}

/** Spread over all of them, at most about `most`. */
function someOf(keys: readonly string[], most: number): string[] {
  const step = Math.max(1, Math.floor(keys.length / most));
  return keys.filter((_, index) => index % step === 0);
}

async function judge(
  { system: { name, version }, seed, allPoints, keep }: RunOptions,
  system: OpenSystem,
  recorder: Recorder,
  workload: Workload,
  missed: (mustDie: boolean) => readonly string[],
): Promise<Omit<Verdict, "seconds">> {
  const { events } = recorder;
  const findings = new Findings();
  const views = judgeViews(storiesOf(events), findings);
  const stuck = new Set(views.stuck);
  const doubles = new Set(views.doubles);
  const dump = await system.dump?.();
  if (dump) {
    judgeLedger(events, dump.jobs, findings);
    for (const job of unfinished(dump.jobs)) stuck.add(job.key);
    for (const key of doubleEnds(dump.jobs)) doubles.add(key);
    for (const file of dump.leftovers)
      findings.add("a spool was left", file, `${file} has outcomes after the repair`);
    if (keep !== null) keepLedger(join(keep, `ledger-${seed}.ndjson`), dump.jobs);
  }
  return {
    system: name,
    version,
    seed,
    jobs: workload.acceptedCount,
    faults: events.filter((event) => event.e === "fault").length,
    reads: events.filter((event) => event.e === "read").length,
    unknown: recorder.unknown,
    lost: views.lost.length,
    lies: findings.total,
    liesByKind: findings.counts(),
    stuck: stuck.size,
    doubles: doubles.size,
    longestBehindMs: views.longestBehindMs,
    pointsMissed: missed(allPoints),
    examples: findings.kept().map(({ kind, key, what }) => `${kind}: ${key}: ${what}`),
  };
}

/** With the history, this is everything that the oracle used. */
function keepLedger(file: string, jobs: readonly LedgerJob[]): void {
  rmSync(file, { force: true });
  for (let at = 0; at < jobs.length; at += KEPT_TOGETHER) {
    const lines = jobs.slice(at, at + KEPT_TOGETHER).map((job) => `${JSON.stringify(job)}\n`);
    appendFileSync(file, lines.join(""));
  }
}

function keepLogs(from: string, to: string): void {
  for (const name of readdirSync(from))
    if (name.endsWith(".log")) copyFileSync(join(from, name), join(to, name));
}
