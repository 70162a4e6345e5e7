import pg from "pg";
import { inject } from "vitest";
import type { FreshDatabase } from "../../../../tests/servers/database.js";
import { administer, newDatabase } from "../../../../tests/servers/new-database.js";
import { openDatabase } from "../../src/database/index.js";
import { migrate } from "../../src/ledger/index.js";

const TEMPLATE = "migrated";
// When two test files come first, one makes the template and the other waits for it. The number is
// arbitrary.
const LOCK = 1;

/**
 * Creates an empty, migrated database on the test run's server. It copies one that was migrated
 * once, which takes a third of the time.
 */
export async function migratedDatabase(): Promise<FreshDatabase> {
  const serverUrl = inject("postgresUrl");
  await makeTemplate(serverUrl);
  const fresh = await newDatabase(serverUrl, TEMPLATE);
  // For the SQL of tests. Lockstep's own names the schema; own-schema.test.ts holds that.
  await administer(
    serverUrl,
    `alter database ${new URL(fresh.url).pathname.slice(1)} set search_path = lockstep, public`,
  );
  return fresh;
}

async function makeTemplate(serverUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    if (await exists(client)) return;
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    if (await exists(client)) return;
    const { url } = await newDatabase(serverUrl);
    const database = await openDatabase({ url });
    await migrate(database);
    await database.close();
    await client.query(`alter database ${new URL(url).pathname.slice(1)} rename to ${TEMPLATE}`);
  } finally {
    await client.end();
  }
}

async function exists(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query("select from pg_database where datname = $1", [TEMPLATE]);
  return rows.length > 0;
}
