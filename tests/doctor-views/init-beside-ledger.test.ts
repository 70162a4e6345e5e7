import { tmpdir } from "node:os";
import { openViewStores, survey } from "@lockstep/doctor";
import { openRuntime } from "lockstep/internal/runtime";
import pg from "pg";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { freshDatabase } from "../servers/database.js";

async function submitIn(databaseUrl: string, schema: string): Promise<void> {
  const logger = pino({ level: "silent" });
  const runtime = await openRuntime({ databaseUrl, schema, dataDir: tmpdir(), leaseSeconds: 30, logger });
  await runtime.ledger.submit({ kind: "noop", input: {} });
  await runtime.close();
}

it("a search leaves out the tables of ledgers in the same database, whatever their schemas are called", async () => {
  const { url, drop } = await freshDatabase();
  onTestFinished(drop);
  for (const schema of ["lockstep", "jobs_of_shop"]) await submitIn(url, schema);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("create table scans (id text primary key, status text not null)");
  await client.query("insert into scans values ('a', 'COMPLETED'), ('b', 'IN_PROGRESS')");
  await client.end();
  const stores = openViewStores();
  onTestFinished(() => stores.close());
  const { found } = await survey({ stores, redisUrl: null, databaseUrl: url, httpUrl: null });
  expect(found.map(({ label }) => label)).toEqual(["the table scans"]);
});
