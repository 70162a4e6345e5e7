import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AttemptOutcome, isTerminal, type Reason, type Status } from "../../src/job/index.js";
import type { ClaimedJob } from "../../src/ledger/index.js";
import { sweepLost } from "../../src/ledger/sweep.js";
import {
  type Bench,
  claim,
  completed,
  ENGINES,
  failed,
  openBench,
  registerWorker,
  settlement,
  silence,
} from "./engines.js";

/** What the ledger must record about a job, derived from the rules alone. */
interface Expected {
  readonly id: string;
  readonly maxAttempts: number;
  status: Status;
  reason: Reason;
  version: number;
  attempt: number;
  failures: number;
  losses: number;
  worker: string | null;
  cancelling: boolean;
  /** The attempt whose result the job shows. */
  resultOf: number | null;
}

interface World {
  readonly jobs: Expected[];
  readonly claims: ClaimedJob[];
}

interface Real {
  readonly bench: Bench;
  readonly queue: string;
  readonly workers: readonly string[];
}

type Command = fc.AsyncCommand<World, Real>;

const quiet = { announce: () => undefined } as never;
const KEEPS_RESULT: readonly Reason[] = ["lost", "timeout", "released"];

function move(job: Expected, status: Status, reason: Reason): void {
  job.status = status;
  job.reason = reason;
  job.version += 1;
  if (status === "pending") job.cancelling = false;
}

const LOSSES_MAX = 5;

/** A failure, or a lost worker. A loss is no failure. */
function fail(job: Expected, reason: "retry" | "lost", isFinal: boolean): void {
  if (job.cancelling) {
    move(job, "cancelled", "cancelled");
    return;
  }
  if (reason === "lost") job.losses += 1;
  else job.failures += 1;
  const isLast = reason === "lost" ? job.losses >= LOSSES_MAX : isFinal || job.failures >= job.maxAttempts;
  if (isLast) move(job, "failed", reason === "lost" ? "lost" : "error");
  else move(job, "pending", reason);
}

async function compare({ jobs }: World, { bench }: Real): Promise<void> {
  for (const expected of jobs) {
    const [job, lines] = [await bench.ledger.get(expected.id), await bench.ledger.transitions(expected.id)];
    const { status, reason, version, attempt, failures, losses } = expected;
    expect({ ...job }).toMatchObject({ status, reason, version, attempt, failures, losses });
    expect(job?.output ?? null).toEqual(expected.resultOf === null ? null : { of: expected.resultOf });
    expect(lines.map((line) => line.version)).toEqual(
      Array.from({ length: version }, (_, index) => index + 1),
    );
    expect(lines.at(-1)?.status).toBe(status);
  }
}

function command(name: string, run: (world: World, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    async run(world, real) {
      await run(world, real);
      await compare(world, real);
    },
    toString: () => name,
  };
}

const submitting = fc.integer({ min: 1, max: 3 }).map((maxAttempts) =>
  command(`submit(${maxAttempts})`, async ({ jobs }, { bench, queue }) => {
    const { job } = await bench.ledger.submit({ kind: "noop", input: {}, queue, max_attempts: maxAttempts });
    jobs.push({
      id: job.id,
      maxAttempts,
      status: "pending",
      reason: "submitted",
      version: 1,
      attempt: 0,
      failures: 0,
      losses: 0,
      worker: null,
      cancelling: false,
      resultOf: null,
    });
  }),
);

const claiming = fc.nat({ max: 1 }).map((index) =>
  command(`claim(${index})`, async ({ jobs, claims }, { bench, queue, workers }) => {
    const worker = workers[index]!;
    const [job] = await claim(bench, worker, 1, queue);
    const expected = jobs.find(({ id }) => id === job?.id);
    expect(job === undefined).toBe(jobs.every(({ status }) => status !== "pending"));
    if (!job || !expected) return;
    expect(expected.status).toBe("pending");
    claims.push(job);
    expected.attempt += 1;
    expected.worker = worker;
    expect(job.attempt).toBe(expected.attempt);
    move(expected, "running", "claimed");
  }),
);

type Ending = "completed" | "retry" | "final" | "released";

function outcomeOf(ending: Ending, attempt: number): AttemptOutcome {
  if (ending === "completed") return completed({ of: attempt });
  if (ending === "released") return { type: "released" };
  return failed(ending === "retry" ? 0 : null);
}

/** Any claim ever granted, also one that was settled or taken away long ago. */
const settling = fc
  .record({
    pick: fc.nat(),
    ending: fc.constantFrom<Ending>("completed", "retry", "final", "released"),
    // A worker in another language may not name its claim: then the attempt and the worker decide.
    named: fc.boolean(),
  })
  .map(({ pick, ending, named }) =>
    command(`settle(${pick}, ${ending})`, async ({ jobs, claims }, { bench }) => {
      const claimed = claims[pick % Math.max(1, claims.length)];
      const job = jobs.find(({ id }) => id === claimed?.id);
      if (!claimed || !job) return;
      const { claim_token: _token, ...unnamed } = settlement(claimed, outcomeOf(ending, claimed.attempt));
      const asked = named ? settlement(claimed, unnamed.outcome) : unnamed;
      const [receipt] = (await bench.ledger.turn([asked], null)).receipts;
      const result = receipt?.result;
      const isMine = claimed.attempt === job.attempt && claimed.worker_id === job.worker;
      const isLate = job.status === "pending" && ending === "completed" && KEEPS_RESULT.includes(job.reason);
      expect(result === "accepted").toBe(isMine && (job.status === "running" || isLate));
      if (result !== "accepted") return;
      if (ending === "completed") {
        move(job, "completed", job.status === "pending" ? "late_result" : "succeeded");
        job.resultOf = claimed.attempt;
      } else if (ending === "released") {
        if (job.cancelling) move(job, "cancelled", "cancelled");
        else move(job, "pending", "released");
      } else fail(job, "retry", ending === "final");
    }),
  );

const cancelling = fc.nat().map((pick) =>
  command(`cancel(${pick})`, async ({ jobs }, { bench }) => {
    const job = jobs[pick % Math.max(1, jobs.length)];
    if (!job) return;
    await bench.ledger.cancel(job.id, { actor: "test" }).catch(() => undefined);
    if (job.status === "pending") move(job, "cancelled", "cancelled");
    else if (job.status === "running" && !job.cancelling) {
      move(job, "running", "cancel_requested");
      job.cancelling = true;
    }
  }),
);

const requeueing = fc.nat().map((pick) =>
  command(`requeue(${pick})`, async ({ jobs }, { bench }) => {
    const job = jobs[pick % Math.max(1, jobs.length)];
    if (!job) return;
    await bench.ledger.requeue(job.id, { actor: "test" }).catch(() => undefined);
    if (!isTerminal(job.status)) return;
    move(job, "pending", "requeued");
    job.failures = 0;
    job.losses = 0;
    job.resultOf = null;
  }),
);

const losing = fc.nat({ max: 1 }).map((index) =>
  command(`lose(${index})`, async ({ jobs }, { bench, workers }) => {
    const worker = workers[index]!;
    await silence(bench, worker);
    await sweepLost(bench.database, quiet, 30);
    await bench.ledger.heartbeat(worker);
    for (const job of jobs) if (job.status === "running" && job.worker === worker) fail(job, "lost", false);
  }),
);

const commands = fc.commands(
  [submitting, claiming, claiming, settling, settling, cancelling, requeueing, losing],
  {
    size: "max",
    maxCommands: 40,
  },
);

const RUNS = { postgres: 25, pglite: 25 } as const;

describe.each(ENGINES)("any order of calls on %s", (engine) => {
  it("leaves each job as the rules say, with a log that has no gap", async () => {
    const bench = await openBench(engine);
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(commands, async (all) => {
        const workers = [await registerWorker(bench), await registerWorker(bench)];
        const queue = `run-${runs++}`;
        const setup = () => ({ model: { jobs: [], claims: [] }, real: { bench, queue, workers } });
        await fc.asyncModelRun(setup, all);
        // Jobs that this run left running must not be swept by the next run.
        await bench.database.query(
          "update jobs set status = 'cancelled', reason = 'cancelled', version = version + 1, actor = 'test', finished_at = now(), cancelled_at = now(), ready_at = null, due_at = null, deadline_at = null, unique_hold = null where status in ('pending', 'running')",
        );
      }),
      { numRuns: RUNS[engine], endOnFailure: false },
    );
  });
});
