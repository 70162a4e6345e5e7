import { readFileSync } from "node:fs";
import pg from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { type FreshDatabase, freshDatabase } from "../../../../tests/servers/database.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { type Database, openDatabase } from "../../src/database/index.js";
import { defineJob } from "../../src/index.js";
import { createKeyStore } from "../../src/keys/index.js";
import { migrate } from "../../src/ledger/index.js";
import { statement, statementNames } from "../../src/ledger/statements.js";
import { deleteOld, promoteDue, sweepLost, sweepOverdue, tidyUp } from "../../src/ledger/sweep.js";
import { openRuntime } from "../../src/runtime.js";
import { archiveFolder } from "../archive/archived.js";

/** The statements under "Two roles", exactly as an operator copies them. */
const [, DOCUMENTED = ""] =
  /### Two roles\n[\s\S]*?```sql\n([\s\S]*?)```/.exec(readFileSync("docs/operations.md", "utf8")) ?? [];

let fresh: FreshDatabase;
let admin: pg.Client;
let owner: Database;
let worker: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  admin = new pg.Client({ connectionString: fresh.url });
  await admin.connect();
  await admin.query(DOCUMENTED);
  owner = await openDatabase({ url: urlOf("lockstep_migrator", "choose-one") });
  worker = await openDatabase({ url: urlOf("lockstep_worker", "choose-another"), poolSize: 1 });
  await migrate(owner);
});
afterAll(async () => {
  await owner.close();
  await worker.close();
  await admin.query("drop owned by lockstep_worker, lockstep_migrator cascade");
  await admin.query("drop role lockstep_worker; drop role lockstep_migrator");
  await admin.end();
  await fresh.drop();
});

function urlOf(role: string, password: string): string {
  const url = new URL(fresh.url);
  url.username = role;
  url.password = password;
  return url.href;
}

/** Everything that a server and a worker do, as the role that only works. */
async function work(): Promise<void> {
  const echo = defineJob({
    kind: "echo",
    input: z.json(),
    run: async (input, ctx) => {
      ctx.log("here");
      ctx.progress(0.5, "half");
      return await ctx.commit(async () => ({ said: input }));
    },
  });
  const runtime = await openRuntime({
    databaseUrl: urlOf("lockstep_worker", "choose-another"),
    dataDir: await archiveFolder(),
    leaseSeconds: 5,
    logger: pino({ level: "silent" }),
  });
  try {
    const { ledger } = runtime;
    await runtime.startMaintenance();
    await runtime.startWorker({ definitions: [echo], concurrency: 2, queues: [] });
    await ledger.setLimit("default", { scope: "each_key", concurrency: 1, rate: null });
    const key = String(Math.random());
    const { job } = await ledger.submit({ kind: "echo", input: 1, idempotency_key: key, limit_key: "k" });
    expect(
      (await ledger.submit({ kind: "echo", input: 1, idempotency_key: key, limit_key: "k" })).job.id,
    ).toBe(job.id);
    expect(await ledger.wait(job.id, { timeoutMs: 60_000 })).toMatchObject({ output: { said: 1 } });
    const members = [{ input: 1 }, { input: 2 }];
    const { batch } = await ledger.batches.submit({ kind: "echo", members }, { actor: "me" });
    for (const { id } of (await ledger.list({ batch: batch.id })).jobs)
      expect(await ledger.wait(id, { timeoutMs: 60_000 })).toMatchObject({ status: "completed" });
    let archived = 0;
    // A transaction of another test may hold a job back for a moment.
    const all = async () => {
      archived += (await runtime.archive({ olderThanMs: 0 })).archived;
      return archived === 3;
    };
    await waitFor(all, { what: "three jobs in the archive" });
    expect(await ledger.get(job.id)).toMatchObject({ status: "completed", archived: true });
  } finally {
    await runtime.close();
  }
}

it("the role that works submits, runs, settles, archives and maintains, also after a later migration", async () => {
  await work();
  // Functions and views are created again, and the role keeps its rights on them.
  await owner.query("update lockstep.function_files set checksum = 'old'");
  expect((await migrate(owner)).applied).toContain("running_jobs.sql");
  await work();
});

it("the role that works may run every statement of the ledger", async () => {
  for (const name of statementNames()) {
    await worker.query(`prepare check_${name} as ${statement(name).text}`);
    const { rows } = await worker.query<{ n: number }>(
      "select cardinality(parameter_types) as n from pg_prepared_statements where name = $1",
      [`check_${name}`],
    );
    const nulls = Array.from({ length: rows[0]?.n ?? 0 }, () => "null").join(", ");
    // It is not run: PostgreSQL checks the rights when it begins.
    await worker.query(`explain execute check_${name}${nulls === "" ? "" : `(${nulls})`}`).catch((cause) => {
      throw new Error(name, { cause });
    });
  }
});

it("the role that works does the maintenance, and keeps API keys", async () => {
  const quiet = { announce: () => undefined } as never;
  await sweepLost(worker, quiet, 30);
  await sweepOverdue(worker, quiet, 30);
  await promoteDue(worker, quiet);
  await deleteOld(worker);
  await tidyUp(worker);
  const key = await createKeyStore(worker).create({ name: "me", role: "admin" });
  expect(key.token).toEqual(expect.any(String));
});

it("the role that works starts on a schema that is up to date, and is refused a migration in words", async () => {
  expect(await migrate(worker)).toEqual({ applied: [] });
  await owner.query("update lockstep.function_files set checksum = 'old' where name = 'turn.sql'");
  await expect(migrate(worker)).rejects.toMatchObject({
    code: "SCHEMA_NOT_OWNED",
    message: expect.stringContaining("lacks turn.sql"),
  });
  expect((await migrate(owner)).applied).toEqual(["turn.sql"]);
});

it.each([
  "create table lockstep.own ()",
  "alter table lockstep.jobs disable trigger all",
  "drop function lockstep.guard_update cascade",
  "truncate lockstep.jobs",
  "insert into lockstep.transitions (job_id, version, status, attempt, actor, reason) values (gen_random_uuid(), 1, 'pending', 0, 'me', 'submitted')",
])("the role that works is refused: %s", async (sql) => {
  await expect(worker.query(sql)).rejects.toThrow(/permission denied|must be owner|written by the|log/);
});
