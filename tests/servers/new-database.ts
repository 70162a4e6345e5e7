import { randomBytes } from "node:crypto";
import pg from "pg";

/** An empty database that nothing else uses. */
export interface FreshDatabase {
  readonly url: string;
  /** Ends the remaining sessions and drops the database. May be called twice. */
  drop(): Promise<void>;
}

/**
 * Creates a database on a server: an empty one, or a copy of another.
 * @param serverUrl of a role that may create databases
 */
export async function newDatabase(serverUrl: string, template = "template0"): Promise<FreshDatabase> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await administer(serverUrl, `create database ${name} template ${template}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => administer(serverUrl, `drop database if exists ${name} with (force)`),
  };
}

/** Runs one statement on a server. */
export async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
