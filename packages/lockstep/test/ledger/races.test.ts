import { setImmediate as nextTick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { sweepLost } from "../../src/ledger/sweep.js";
import {
  type Bench,
  claim,
  claimOne,
  completed,
  openBench,
  openSecond,
  registerWorker,
  settle,
  silence,
  submitNoop,
} from "./engines.js";

const quiet = { announce: () => undefined } as never;

/** Runs both at once, many times, on the connections of two processes. */
async function race(rounds: number, round: (a: Bench, b: Bench) => Promise<void>): Promise<void> {
  const a = await openBench("postgres");
  const b = await openSecond(a);
  for (let n = 0; n < rounds; n++) await round(a, b);
}

const ROUNDS_MAX = 2_000;

/**
 * Repeats a race until each of its outcomes was seen, for a minimum number of rounds. The winner
 * depends on which side is sent first, so each round says which side starts first, and after how
 * many turns of the event loop the other side starts.
 */
async function raceUntil(
  outcomes: readonly string[],
  round: (a: Bench, b: Bench, start: Start) => Promise<string>,
): Promise<void> {
  const a = await openBench("postgres");
  const b = await openSecond(a);
  const seen = new Set<string>();
  for (let n = 0; n < ROUNDS_MAX && (n < 60 || seen.size < outcomes.length); n++)
    seen.add(await round(a, b, { firstGoes: n % 2 === 0, turnsBetween: (n >> 1) % 8 }));
  expect([...seen].sort()).toEqual([...outcomes].sort());
}

interface Start {
  readonly firstGoes: boolean;
  readonly turnsBetween: number;
}

/** Starts both sides in the given order. */
async function both<A, B>(
  { firstGoes, turnsBetween }: Start,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  const later = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let turn = 0; turn < turnsBetween; turn++) await nextTick();
    return await work();
  };
  return await Promise.all(firstGoes ? [first(), later(second)] : [later(first), second()]);
}

describe("races on PostgreSQL", () => {
  it("two workers never get the same job", async () => {
    await race(30, async (a, b) => {
      const workers = [await registerWorker(a), await registerWorker(b)] as const;
      for (let n = 0; n < 3; n++) await submitNoop(a);
      const claims = await Promise.all([
        claim(a, workers[0], 2),
        claim(b, workers[1], 2),
        claim(a, workers[0], 2),
        claim(b, workers[1], 2),
      ]);
      const ids = claims.flat().map((job) => job.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeLessThanOrEqual(3);
      for (const job of claims.flat()) await settle(a, job, completed());
    });
  });

  it("a zombie and the new attempt settle at once: only the new attempt's outcome counts", async () => {
    await race(30, async (a, b) => {
      const [zombie, successor] = [await registerWorker(a), await registerWorker(b)];
      await submitNoop(a);
      const old = await claimOne(a, zombie);
      await silence(a, zombie);
      await sweepLost(a.database, quiet, 30);
      const current = await claimOne(b, successor);
      const [first, second] = await Promise.all([
        settle(a, old, completed("zombie")),
        settle(b, current, completed("heir")),
      ]);
      expect([first.result, second.result]).toEqual(["late", "accepted"]);
      expect(await a.ledger.get(old.id)).toMatchObject({ output: "heir", attempt: 2 });
    });
  });

  it("a late result and a new claim: either the result counts or a new attempt runs, never both", async () => {
    await raceUntil(["accepted", "late"], async (a, b, start) => {
      const [zombie, successor] = [await registerWorker(a), await registerWorker(b)];
      await submitNoop(a);
      const old = await claimOne(a, zombie);
      await silence(a, zombie);
      await sweepLost(a.database, quiet, 30);
      const [receipt, claimed] = await both(
        start,
        () => settle(a, old, completed("late")),
        () => claim(b, successor),
      );
      const job = await a.ledger.get(old.id);
      if (receipt.result === "accepted") expect([job?.status, claimed.length]).toEqual(["completed", 0]);
      else expect([receipt.result, job?.status, claimed.length]).toEqual(["late", "running", 1]);
      for (const won of claimed) await settle(b, won, completed());
      return receipt.result;
    });
  });

  it("cancel against complete: one outcome, and both callers learn the real outcome", async () => {
    await race(40, async (a, b) => {
      const worker = await registerWorker(a);
      await submitNoop(a);
      const job = await claimOne(a, worker);
      const cancel = b.ledger.cancel(job.id, { actor: "ann" }).then(
        (answer) => answer.status,
        (error: { code: string }) => error.code,
      );
      const [receipt, answer] = await Promise.all([settle(a, job, completed()), cancel]);
      expect(receipt).toMatchObject({ result: "accepted", status: "completed" });
      expect(["running", "completed", "ALREADY_FINISHED"]).toContain(answer);
      const terminal = (await a.ledger.transitions(job.id)).filter((line) =>
        ["completed", "cancelled", "failed"].includes(line.status),
      );
      expect(terminal).toHaveLength(1);
    });
  });

  it("cancel against claim: the job is cancelled, or it runs and is asked to stop", async () => {
    await raceUntil(["cancelled", "running"], async (a, b, start) => {
      const worker = await registerWorker(a);
      const { id } = await submitNoop(a);
      const [answer, claimed] = await both(
        start,
        () => b.ledger.cancel(id, { actor: "ann" }),
        () => claim(a, worker),
      );
      const job = await a.ledger.get(id);
      if (claimed.length === 0) expect([answer.status, job?.status]).toEqual(["cancelled", "cancelled"]);
      else expect([answer.status, job?.cancel_requested_at]).toEqual(["running", expect.any(String)]);
      for (const won of claimed) await settle(a, won, { type: "cancelled", error: null });
      return answer.status;
    });
  });

  it("sweeper against heartbeat: jobs are taken only from a worker that is silent at that moment", async () => {
    await raceUntil(["taken 0", "taken 1"], async (a, b, start) => {
      const worker = await registerWorker(a);
      await submitNoop(a);
      const job = await claimOne(a, worker);
      await silence(a, worker);
      const [alive, taken] = await both(
        start,
        () => a.ledger.heartbeat(worker),
        () => sweepLost(b.database, quiet, 30),
      );
      expect(alive).toBe(true);
      const status = (await a.ledger.get(job.id))?.status;
      expect(status).toBe(taken === 1 ? "pending" : "running");
      await settle(a, job, completed());
      expect((await a.ledger.get(job.id))?.status).toBe("completed");
      return `taken ${taken}`;
    });
  });

  it("the sweeper sees a heartbeat that commits while the sweeper waits", async () => {
    const bench = await openBench("postgres");
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    const job = await claimOne(bench, worker);
    await silence(bench, worker);
    const heartbeat = await bench.database.connect();
    try {
      await heartbeat.query("begin");
      await heartbeat.query("update workers set heartbeat_at = clock_timestamp() where id = $1", [worker]);
      // The heartbeat locks the row, so the sweeper skips it instead of trusting the old value.
      expect(await sweepLost(bench.database, quiet, 30)).toBe(0);
      await heartbeat.query("commit");
    } finally {
      await heartbeat.release();
    }
    expect(await sweepLost(bench.database, quiet, 30)).toBe(0);
    expect(await bench.ledger.get(job.id)).toMatchObject({ status: "running" });
  });

  it("two sweepers take a job once", async () => {
    await race(20, async (a, b) => {
      const worker = await registerWorker(a);
      const { id } = await submitNoop(a);
      await claimOne(a, worker);
      await silence(a, worker);
      const taken = await Promise.all([
        sweepLost(a.database, quiet, 30),
        sweepLost(b.database, quiet, 30),
        sweepLost(a.database, quiet, 30),
      ]);
      expect(taken.reduce((sum, n) => sum + n, 0)).toBe(1);
      expect(await a.ledger.get(id)).toMatchObject({ losses: 1 });
      await a.ledger.cancel(id, { actor: "test" });
    });
  });

  it("two submits with one idempotency key from two processes give one job", async () => {
    await race(30, async (a, b) => {
      const idempotency_key = `k${Math.random()}`;
      const jobs = await Promise.all([a, b, a, b].map((bench) => submitNoop(bench, { idempotency_key })));
      expect(new Set(jobs.map((job) => job.id)).size).toBe(1);
    });
  });

  it("two submits with one unique key from two processes give one live job", async () => {
    await race(30, async (a, b) => {
      const unique_key = `u${Math.random()}`;
      const jobs = await Promise.all([a, b, a, b].map((bench) => submitNoop(bench, { unique_key })));
      expect(new Set(jobs.map((job) => job.id)).size).toBe(1);
    });
  });

  it("batches that share keys in opposite orders do not deadlock", async () => {
    await race(10, async (a, b) => {
      const keys = Array.from({ length: 20 }, () => `k${Math.random()}`);
      const batch = (order: string[]) =>
        order.map((idempotency_key) => ({ kind: "noop", input: {}, idempotency_key }));
      const [x, y] = await Promise.all([
        a.ledger.submitMany(batch(keys)),
        b.ledger.submitMany(batch([...keys].reverse())),
      ]);
      expect(x.map((entry) => entry.job.id)).toEqual([...y].reverse().map((entry) => entry.job.id));
    });
  });

  it("a requeue by two operators takes effect once", async () => {
    await race(20, async (a, b) => {
      const { id } = await submitNoop(a);
      await a.ledger.cancel(id, { actor: "me" });
      const attempts = await Promise.allSettled([
        a.ledger.requeue(id, { actor: "x" }),
        b.ledger.requeue(id, { actor: "y" }),
      ]);
      const won = attempts.filter((attempt) => attempt.status === "fulfilled");
      expect(won.length).toBe(1);
      expect((await a.ledger.transitions(id)).filter((line) => line.reason === "requeued")).toHaveLength(1);
    });
  });

  it("a settlement whose connection dies while committing is replayed without a second outcome", async () => {
    const bench = await openBench("postgres");
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    const job = await claimOne(bench, worker);
    const blocker = await bench.database.connect();
    try {
      await blocker.query("begin");
      await blocker.query("select from jobs where id = $1 for update", [job.id]);
      const first = settle(bench, job, completed(1)).then(
        (receipt) => receipt.result,
        (error: { code: string }) => error.code,
      );
      await expect.poll(() => waiting(bench)).toBe(1);
      await bench.database.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      expect(await first).toBe("DATABASE_UNAVAILABLE");
      await blocker.query("commit");
    } finally {
      await blocker.release();
    }
    expect(await settle(bench, job, completed(1))).toMatchObject({ result: "accepted" });
    expect(await settle(bench, job, completed(1))).toMatchObject({ result: "already" });
  });
});

async function waiting({ database }: Bench): Promise<number> {
  const { rows } = await database.query<{ n: number }>(
    "select count(*)::integer as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
  );
  return rows[0]?.n ?? 0;
}
