import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sqlState, textInSchema } from "../../src/database/index.js";
import { REASONS, type Reason, type Status, TRANSITIONS } from "../../src/job/index.js";
import { statement, statementNames } from "../../src/ledger/statements.js";
import {
  type Bench,
  claimOne,
  completed,
  ENGINES,
  failed,
  openBench,
  registerWorker,
  settle,
  submitNoop,
} from "./engines.js";

/** Functions of numbers alone, without a name of a table. */
const INLINED = ["slice", "starts_at", "started"];

const HAND_TYPED = {
  "completing a pending job": "update jobs set status = 'completed'",
  "completing a pending job with all its other columns":
    "update jobs set status = 'completed', version = version + 1, finished_at = now(), reason = 'succeeded'",
  "keeping the version": "update jobs set status = 'cancelled', finished_at = now(), reason = 'cancelled'",
  "skipping a version":
    "update jobs set status = 'cancelled', finished_at = now(), reason = 'cancelled', version = version + 2",
  "a version without a transition": "update jobs set version = version + 1",
  "an unknown status": "update jobs set status = 'done', version = version + 1",
  "a false reason":
    "update jobs set status = 'cancelled', finished_at = now(), reason = 'lost', version = version + 1",
  "another input": "update jobs set input = '{}'",
  "an output for a job that has not completed": "update jobs set output = '{}'",
  "another attempt": "update jobs set attempt = attempt + 1",
  "other failures": "update jobs set failures = failures + 1, attempt = attempt + 1",
  "another kind": "update jobs set kind = 'other'",
  "another actor": "update jobs set actor = 'me'",
  "another id": "update jobs set id = gen_random_uuid()",
  "deleting an unfinished job": "delete from jobs",
  "emptying the table": "truncate jobs",
  "writing into the log":
    "insert into transitions (job_id, version, status, attempt, actor, reason) values (gen_random_uuid(), 1, 'pending', 0, 'me', 'submitted')",
  "changing the log": "update transitions set actor = 'me'",
  "deleting from the log": "delete from transitions",
  "emptying the log": "truncate transitions",
  "a new job that is already running":
    "insert into jobs (id, kind, queue, input, actor, reason, status, attempt, worker_id, started_at) values (gen_random_uuid(), 'noop', 'default', '1', 'me', 'claimed', 'running', 1, gen_random_uuid(), now())",
};

async function everything({ database }: Bench) {
  const jobs = await database.query("select * from jobs order by id");
  const log = await database.query(
    "select job_id, version, status, actor from transitions order by job_id, version",
  );
  return { jobs: jobs.rows, log: log.rows };
}

describe.each(ENGINES)("the ledger's tables on %s", (engine) => {
  it.each(Object.entries(HAND_TYPED))("reject a manual statement: %s", async (_what, sql) => {
    const bench = await openBench(engine);
    await submitNoop(bench, { input: { a: 1 } });
    const before = await everything(bench);
    const error = await bench.database.query(sql).then(
      () => null,
      (refusal: unknown) => refusal,
    );
    expect(["LS001", "23514"]).toContain(sqlState(error));
    expect(await everything(bench)).toEqual(before);
  });

  it.each([
    ["another output", "update jobs set output = '{\"n\":2}'"],
    ["another finish time", "update jobs set finished_at = now()"],
    ["no output", "update jobs set output = null"],
    [
      "running again",
      "update jobs set status = 'running', version = version + 1, finished_at = null, output = null, reason = 'claimed', attempt = attempt + 1",
    ],
  ])("reject %s for a completed job", async (_what, sql) => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    await settle(bench, await claimOne(bench, worker), completed({ n: 1 }));
    const before = await everything(bench);
    await expect(bench.database.query(sql)).rejects.toThrow();
    expect(await everything(bench)).toEqual(before);
  });

  it("a change that the table allows is recorded in the log, no matter who makes it", async () => {
    const bench = await openBench(engine);
    const { id } = await submitNoop(bench);
    await bench.database.query(
      "update jobs set status = 'cancelled', version = version + 1, finished_at = now(), cancelled_at = now(), ready_at = null, reason = 'cancelled', actor = 'psql'",
    );
    expect((await bench.ledger.transitions(id)).at(-1)).toMatchObject({
      version: 2,
      status: "cancelled",
      actor: "psql",
    });
  });

  it("a finished job can be deleted, and its history goes with it", async () => {
    const bench = await openBench(engine);
    const { id } = await submitNoop(bench);
    await bench.ledger.cancel(id, { actor: "me" });
    await bench.database.query("delete from jobs where id = $1", [id]);
    expect(await everything(bench)).toEqual({ jobs: [], log: [] });
  });

  it("every version of every job has exactly one row in the log, from its submit to its end", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench, { max_attempts: 2 });
    await settle(bench, await claimOne(bench, worker), failed(0));
    await settle(bench, await claimOne(bench, worker), failed(0));
    await bench.ledger.requeue(id, { actor: "me" });
    await settle(bench, await claimOne(bench, worker), completed());
    const history = await bench.ledger.transitions(id);
    expect(history.map((line) => line.version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const [index, line] of history.slice(1).entries())
      expect(line.from_status).toBe(history[index]?.status);
  });

  it("prepare every statement that the ledger uses", async () => {
    const bench = await openBench(engine);
    const names = statementNames();
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      await bench.database
        .query(`prepare check_${name} as ${textInSchema(statement(name).text, bench.database.schema)}`)
        .catch((error: unknown) => {
          throw new Error(`${name}.sql cannot be prepared`, { cause: error });
        });
    }
    await bench.database.query("deallocate all");
    // The body of a function is not checked before it is called.
    const nobody = randomUUID();
    const claim = [nobody, nobody, "none", ["none"], 1, 0, "-infinity", nobody];
    const nothing = ["{}", "{}", "{}", "{}", "{}", null, ...claim];
    expect((await bench.database.query(statement("turn"), nothing)).rows).toEqual([]);
  });
});

describe("the ledger's statements", () => {
  it.each(statementNames())("%s.sql says its purpose, parameters, rows and guard", (name) => {
    const text = readFileSync(new URL(`../../src/ledger/sql/${name}.sql`, import.meta.url), "utf8");
    for (const heading of ["-- Purpose: ", "-- Parameters: ", "-- Rows: ", "-- Guard: "])
      expect(text).toContain(heading);
  });
});

/** The columns of a job in each status, so that only the guard can refuse a change. */
const COLUMNS_OF: Readonly<Record<Status, string>> = {
  pending:
    "ready_at = now(), due_at = null, deadline_at = null, finished_at = null, failed_at = null, cancelled_at = null, cancel_requested_at = null, output = null",
  running:
    "ready_at = null, due_at = null, started_at = now(), finished_at = null, failed_at = null, cancelled_at = null, output = null",
  completed:
    "ready_at = null, due_at = null, deadline_at = null, finished_at = now(), failed_at = null, cancelled_at = null, error = null",
  failed:
    "ready_at = null, due_at = null, deadline_at = null, finished_at = now(), failed_at = now(), cancelled_at = null, output = null, error = '{}'",
  cancelled:
    "ready_at = null, due_at = null, deadline_at = null, finished_at = now(), failed_at = null, cancelled_at = now(), output = null",
};
const STATUSES = Object.keys(COLUMNS_OF) as Status[];

/** What else changes with a reason. */
function countersOf(reason: Reason): string {
  if (reason === "claimed")
    return "attempt = attempt + 1, worker_id = gen_random_uuid(), claim_token = gen_random_uuid()";
  if (reason === "lost") return "losses = losses + 1";
  if (reason === "retry" || reason === "error" || reason === "timeout") return "failures = failures + 1";
  if (reason === "requeued") return "failures = 0, losses = 0";
  return reason === "cancel_requested" ? "cancel_requested_at = now()" : "failures = failures";
}

it("the transition table in the database is the same as the one in the code", async () => {
  const bench = await openBench("pglite");
  const { database } = bench;
  const worker = await registerWorker(bench);
  const allowed: string[] = [];
  for (const from of STATUSES) {
    await submitNoop(bench, { max_attempts: 1, priority: -1 });
    const job = from === "pending" ? null : await claimOne(bench, worker);
    if (job && from === "completed") await settle(bench, job, completed());
    if (job && from === "failed") await settle(bench, job, failed(null));
    if (job && from === "cancelled") {
      await bench.ledger.cancel(job.id, { actor: "me" });
      await settle(bench, job, { type: "cancelled", error: null });
    }
    const { rows } = await database.query<{ id: string }>("select id from jobs where status = $1", [from]);
    for (const to of STATUSES)
      for (const reason of REASONS) {
        const change =
          `update jobs set version = version + 1, status = '${to}', reason = '${reason}', ${COLUMNS_OF[to]}, ${countersOf(reason)} where id = $1`
            // A stop request is for a job that goes on running.
            .replace(
              "cancel_requested_at = null, output = null, cancel_requested_at = now()",
              "output = null",
            );
        const rollback = new Error("not to be kept");
        const error = await database
          .transaction(async (tx) => {
            await tx.query(change, [rows[0]?.id]);
            throw rollback;
          })
          .catch((thrown: unknown) => thrown);
        if (error === rollback) allowed.push(`${from}>${to}:${reason}`);
        else expect([sqlState(error), change]).toEqual(["LS001", change]);
      }
  }
  const inCode = TRANSITIONS.filter(({ from }) => from !== null).map(
    ({ from, to, reason }) => `${from}>${to}:${reason}`,
  );
  expect(allowed.sort()).toEqual([...new Set(inCode)].sort());
});

it("no index names the status or the time of the end, which every settlement changes", async () => {
  const { database } = await openBench("postgres");
  const { rows } = await database.query<{ definition: string }>(
    "select pg_get_indexdef(indexrelid) as definition from pg_index where indrelid = 'lockstep.jobs'::regclass",
  );
  expect(rows.length).toBeGreaterThan(5);
  for (const { definition } of rows)
    expect(definition).not.toMatch(/\b(status|finished_at|output|version)\b/);
});

it("no function depends on the search path of the session", async () => {
  const { database } = await openBench("postgres");
  const { rows } = await database.query<{ name: string; settings: string[] | null }>(
    "select proname as name, proconfig as settings from pg_proc where pronamespace = 'lockstep'::regnamespace",
  );
  expect(rows.length).toBeGreaterThan(15);
  const free = rows.filter(({ name, settings }) => {
    const pinned = settings?.includes("search_path=pg_catalog, pg_temp") ?? false;
    return !pinned && !INLINED.includes(name);
  });
  expect(free).toEqual([]);
});
