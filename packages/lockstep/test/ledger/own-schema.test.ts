import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { freshDatabase } from "../../../../tests/servers/database.js";
import { type Database, inSchema, openDatabase } from "../../src/database/index.js";
import { createLockstep, defineJob } from "../../src/index.js";
import { migrate, type OpenLedger, openLedger } from "../../src/ledger/index.js";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Place {
  readonly url: string;
  readonly database: Database;
  readonly ledger: OpenLedger;
  readonly client: pg.Client;
}

/** A database of an application, with the ledger in a schema of its own. */
async function open({ before = "", schema = "lockstep" } = {}): Promise<Place> {
  const fresh = await freshDatabase();
  cleanups.push(() => fresh.drop());
  const client = new pg.Client({ connectionString: fresh.url });
  await client.connect();
  cleanups.push(() => client.end());
  if (before !== "") await client.query(before);
  return { url: fresh.url, client, ...(await openIn(fresh.url, schema)) };
}

async function openIn(url: string, schema: string): Promise<{ database: Database; ledger: OpenLedger }> {
  const database = await openDatabase({ url, schema });
  await migrate(database);
  const ledger = openLedger(database);
  cleanups.push(async () => {
    await ledger.close();
    await database.close();
  });
  return { database, ledger };
}

async function register(ledger: OpenLedger): Promise<string> {
  const id = randomUUID();
  const process = { name: "w", host: "h", pid: 1, concurrency: 1, embedded: false };
  await ledger.register({ ...process, id, queues: [], kinds: ["noop"] });
  return id;
}

async function runOne(ledger: OpenLedger): Promise<string | undefined> {
  const worker_id = await register(ledger);
  const asked = { worker_id, queue: "default", kinds: ["noop"], limit: 1, after: null };
  const [job] = (await ledger.turn([], asked)).claimed;
  if (job === undefined) return undefined;
  const { id: job_id, attempt, claim_token } = job;
  const outcome = { type: "completed", output: "1" } as const;
  await ledger.turn([{ job_id, attempt, worker_id, claim_token, outcome }], null);
  return job_id;
}

/** Tables of an application with names that the ledger also uses. */
const OWN_TABLES = `
  create table jobs (title text);
  create table workers (salary integer);
  create table queues (length integer);
  create table schedules (day date);
  create table transitions (a integer);
  insert into jobs values ('carpenter');`;

const HOSTILE: Readonly<Record<string, string>> = {
  "temporary tables of the same shape":
    "create temporary table jobs (like lockstep.jobs including all); create temporary table transitions (like lockstep.transitions including all); create temporary table changes (like lockstep.changes including all)",
  "temporary tables of another shape":
    "create temporary table jobs (n integer); create temporary table transitions (n integer); create temporary table idempotency_keys (n integer)",
  "another search path":
    "create schema other; create table other.jobs (n integer); set search_path = other, public",
  "an empty search path": "set search_path = ''",
};

describe("the ledger in a schema of its own", () => {
  it("works in a database whose public schema has tables with the same names", async () => {
    const place = await open({ before: OWN_TABLES });
    const { job } = await place.ledger.submit({ kind: "noop", input: {} });
    expect(await runOne(place.ledger)).toBe(job.id);
    expect(await place.ledger.get(job.id)).toMatchObject({ status: "completed", version: 3 });
    expect((await place.client.query("select * from jobs")).rows).toEqual([{ title: "carpenter" }]);
    const { rows } = await place.client.query(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'S') order by 1",
    );
    expect(rows.map((row) => row.relname)).toEqual(["jobs", "queues", "schedules", "transitions", "workers"]);
  });

  it("two ledgers in one database do not see each other", async () => {
    const a = await open({ schema: "lockstep" });
    const b = await openIn(a.url, "lockstep_of_tests");
    const { job } = await a.ledger.submit({ kind: "noop", input: {}, unique_key: "k" });
    expect(await b.ledger.get(job.id)).toBeNull();
    expect(await runOne(b.ledger)).toBeUndefined();
    expect((await b.ledger.submit({ kind: "noop", input: {}, unique_key: "k" })).deduplicated).toBeNull();
    expect(await runOne(a.ledger)).toBe(job.id);
    expect((await b.ledger.list({ status: ["pending"] })).jobs).toHaveLength(1);
  });

  it("two libraries with schemas of their own in one database each run their own job", async () => {
    const place = await open({ before: OWN_TABLES });
    const ran: string[] = [];
    for (const schema of ["lockstep_of_shop", "lockstep_of_lab"]) {
      const greet = defineJob({
        kind: "greet",
        input: z.object({ name: z.string() }),
        run: async ({ name }) => void ran.push(`${schema} ${name}`),
      });
      const lockstep = await createLockstep({ databaseUrl: place.url, schema, jobs: [greet] });
      cleanups.push(() => lockstep.close());
      await lockstep.work();
      const done = await lockstep.wait(await lockstep.submit(greet, { name: "Ada" }));
      expect(done).toMatchObject({ status: "completed" });
    }
    expect(ran).toEqual(["lockstep_of_shop Ada", "lockstep_of_lab Ada"]);
  });

  it("two schemas with long names, alike to the last letter, share a pool", async () => {
    const { database } = await open();
    const [a = database, b = database] = ["a", "b"].map((end) =>
      inSchema(database, `${"x".repeat(62)}${end}`),
    );
    for (const each of [a, b]) await migrate(each);
    const { job } = await openLedger(a).submit({ kind: "noop", input: {} });
    expect(await openLedger(b).get(job.id)).toBeNull();
    expect(await openLedger(a).get(job.id)).toMatchObject({ id: job.id });
  });

  it("refuses a name that needs quotes, and every word that the server reserves", async () => {
    const { database } = await open();
    const { rows } = await database.query<{ word: string }>(
      "select word from pg_get_keywords() where catcode in ('R', 'T')",
    );
    expect(rows.length).toBeGreaterThan(50);
    for (const name of ["Big", 'x"; drop schema public', ...rows.map(({ word }) => word)])
      expect(() => inSchema(database, name), name).toThrow("must be a name that SQL takes without quotes");
  });

  describe.each(Object.entries(HOSTILE))("with %s in the caller's session", (_what, sql) => {
    it.each([{}, { unique_key: "u", idempotency_key: "i" }])(
      "a submit in the caller's transaction is in the ledger, with its history: %j",
      async (keys) => {
        const { client, ledger } = await open();
        await client.query(sql);
        await client.query("begin");
        const { job } = await ledger.submit({ kind: "noop", input: { n: 1 }, ...keys }, { tx: client });
        const many = await ledger.submitMany([{ kind: "noop", input: {} }], { tx: client });
        await client.query("commit");
        for (const { id } of [job, many[0]?.job ?? job]) {
          expect(await ledger.get(id)).toMatchObject({ status: "pending" });
          expect(await ledger.transitions(id)).toMatchObject([{ version: 1, status: "pending" }]);
        }
      },
    );

    it("a completion in a handler's transaction is in the ledger, with its history", async () => {
      const { ledger } = await open();
      const { job } = await ledger.submit({ kind: "noop", input: {} });
      const worker_id = await register(ledger);
      const asked = { worker_id, queue: "default", kinds: ["noop"], limit: 1, after: null };
      const [claimed] = (await ledger.turn([], asked)).claimed;
      const { attempt = 0, claim_token = "" } = claimed ?? {};
      await ledger.commitWith({ job_id: job.id, attempt, worker_id, claim_token }, async (tx) => {
        for (const statement of sql.split("; ")) await tx.query(statement);
        return { output: "7", value: null };
      });
      expect(await ledger.get(job.id)).toMatchObject({ status: "completed", output: 7, version: 3 });
      expect(await ledger.transitions(job.id)).toHaveLength(3);
    });
  });
});
