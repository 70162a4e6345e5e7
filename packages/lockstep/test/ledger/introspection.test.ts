import pg from "pg";
import { expect, it } from "vitest";
import { freshDatabase } from "../../../../tests/servers/database.js";
import { openDatabase } from "../../src/database/index.js";
import { migrate } from "../../src/ledger/index.js";

/** An application with tables of the names that the ledger also uses. */
const APPLICATION = `
  create type mood as enum ('calm', 'busy');
  create table workers (id serial primary key, salary integer check (salary > 0), mood mood);
  create table queues (id uuid primary key default gen_random_uuid(), length integer);
  create table jobs (id serial primary key, title text unique, worker integer references workers);
  create table schedules (day date, job integer references jobs);
  create index jobs_claimable on jobs (title);
  create view running_jobs as select title from jobs;
  create function turn() returns trigger language plpgsql as $$ begin return new; end $$;
  create trigger jobs_guard_update before update on jobs for each row execute function turn();`;

/**
 * What tools read that draw the tables of an application, such as `prisma db pull` and
 * `drizzle-kit pull`: they ask these catalogs for the schema `public`.
 */
const CATALOGS: Readonly<Record<string, string>> = {
  "information_schema.tables": "table_schema",
  "information_schema.columns": "table_schema",
  "information_schema.table_constraints": "constraint_schema",
  "information_schema.constraint_column_usage": "constraint_schema",
  "information_schema.key_column_usage": "constraint_schema",
  "information_schema.referential_constraints": "constraint_schema",
  "information_schema.check_constraints": "constraint_schema",
  "information_schema.views": "table_schema",
  "information_schema.sequences": "sequence_schema",
  "information_schema.triggers": "trigger_schema",
  "information_schema.routines": "routine_schema",
  "information_schema.user_defined_types": "user_defined_type_schema",
  pg_tables: "schemaname",
  pg_indexes: "schemaname",
  pg_sequences: "schemaname",
  pg_policies: "schemaname",
  pg_class: "relnamespace::regnamespace::text",
  pg_type: "typnamespace::regnamespace::text",
  pg_proc: "pronamespace::regnamespace::text",
  pg_constraint: "connamespace::regnamespace::text",
  pg_operator: "oprnamespace::regnamespace::text",
  pg_collation: "collnamespace::regnamespace::text",
};
/** These have no schema, and every application of the database shares them. */
const DATABASE_WIDE = ["pg_extension", "pg_event_trigger", "pg_publication", "pg_cast", "pg_language"];
/** Statistics, which vacuum changes at any time. */
const STATISTICS =
  "array['reltuples', 'relpages', 'relallvisible', 'relfrozenxid', 'relminmxid', 'relhassubclass']";

async function everythingSeen(client: pg.Client): Promise<Record<string, unknown[]>> {
  const seen: Record<string, unknown[]> = {};
  const read = async (catalog: string, condition: string) => {
    const text = `select to_jsonb(c) - ${STATISTICS} as fact from ${catalog} c where ${condition} order by 1`;
    seen[catalog] = (await client.query(text)).rows.map(({ fact }) => fact);
  };
  for (const [catalog, schema] of Object.entries(CATALOGS)) await read(catalog, `${schema} = 'public'`);
  for (const catalog of DATABASE_WIDE) await read(catalog, "true");
  return seen;
}

it.each(["lockstep", "jobs_of_shop"])(
  "a tool that reads the application's schema sees nothing of a ledger in the schema %s",
  async (schema) => {
    const fresh = await freshDatabase();
    const client = new pg.Client({ connectionString: fresh.url });
    await client.connect();
    const database = await openDatabase({ url: fresh.url, schema });
    try {
      await client.query(APPLICATION);
      const before = await everythingSeen(client);
      expect(before.pg_tables).toHaveLength(4);
      await migrate(database);
      expect(await everythingSeen(client)).toEqual(before);
    } finally {
      await database.close();
      await client.end();
      await fresh.drop();
    }
  },
);
