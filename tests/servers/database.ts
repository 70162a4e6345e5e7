/**
 * What tests use. One PostgreSQL server serves the whole run; a test takes a database of its own from it, or
 * starts a server of its own when it means to stop or crash it.
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
