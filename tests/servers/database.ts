/**
 * The databases for tests. One PostgreSQL server serves the whole run. A test creates its own
 * database on it, or starts its own server when it will stop or crash it.
 */
import { inject } from "vitest";
import { type FreshDatabase, newDatabase } from "./new-database.js";

export type { FreshDatabase } from "./new-database.js";
export { type Postgres, type PostgresOptions, startPostgres } from "./postgres.js";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

/** Creates an empty database with a unique name on the run's server. */
export function freshDatabase(): Promise<FreshDatabase> {
  return newDatabase(inject("postgresUrl"));
}
