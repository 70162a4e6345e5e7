import { LockstepError } from "../errors.js";
import type { Database, Queryable, Session, Statement } from "./database.js";

/** The schema that SQL texts name. */
export const SCHEMA_DEFAULT = "lockstep";
const NAMED = /\blockstep\.(?=[a-z_])/g;
const SCHEMA_PATTERN = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * Puts the name of a schema into an SQL text that names its objects in the schema `lockstep`.
 * @example textInSchema("select from lockstep.jobs", "jobs_of_shop") // select from
 * jobs_of_shop.jobs
 */
export function textInSchema(text: string, schema: string): string {
  return schema === SCHEMA_DEFAULT ? text : text.replaceAll(NAMED, `${schema}.`);
}

/**
 * A name of a schema that needs no quotes.
 * @throws LockstepError INVALID_CONFIG for any other name
 */
export function assertSchemaName(schema: string): void {
  if (SCHEMA_PATTERN.test(schema) && !schema.startsWith("pg_")) return;
  throw new LockstepError(
    "INVALID_CONFIG",
    `The schema ${JSON.stringify(schema)} is not a name of small letters, digits and "_", at most 63, that begins with a letter and not with "pg_".`,
  );
}

/**
 * The same database, with the ledger in another schema.
 * @throws LockstepError INVALID_CONFIG when the name of the schema needs quotes
 */
export function inSchema(database: Database, schema: string): Database {
  assertSchemaName(schema);
  if (schema === database.schema) return database;
  const renamed = new Map<string, Statement>();
  const rename = (statement: Statement | string): Statement | string => {
    if (typeof statement === "string" || !statement.ofLedger) return statement;
    const known = renamed.get(statement.text);
    if (known) return known;
    // Two schemas may be used through one pooled connection, so each has its own prepared
    // statement.
    const name = statement.name === undefined ? {} : { name: `${statement.name}_${schema}`.slice(0, 63) };
    const fresh = { ...statement, ...name, text: textInSchema(statement.text, schema) };
    if (statement.name !== undefined) renamed.set(statement.text, fresh);
    return fresh;
  };
  const queryable = (on: Queryable): Queryable => ({
    query: (statement, values) => on.query(rename(statement), values),
  });
  const transactionOf =
    (on: Pick<Database, "transaction">): Database["transaction"] =>
    (work) =>
      on.transaction((tx) => work(queryable(tx)));
  return {
    ...database,
    schema,
    ...queryable(database),
    transaction: transactionOf(database),
    async connect(): Promise<Session> {
      const session = await database.connect();
      return {
        ...queryable(session),
        transaction: transactionOf(session),
        release: () => session.release(),
      };
    },
  };
}
