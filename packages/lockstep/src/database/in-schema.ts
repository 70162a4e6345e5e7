import { createHash } from "node:crypto";
import { LockstepError } from "../errors.js";
import { isSchemaName, SCHEMA_DEFAULT, SCHEMA_RULE } from "../schema-name.js";
import type { Database, Queryable, Session, Statement } from "./database.js";

const NAMED = /\blockstep\.(?=[a-z_])/g;

/**
 * Puts the name of a schema into an SQL text that names its objects in the schema `lockstep`.
 * @example textInSchema("select from lockstep.jobs", "jobs_of_shop") // select from
 * jobs_of_shop.jobs
 */
export function textInSchema(text: string, schema: string): string {
  return schema === SCHEMA_DEFAULT ? text : text.replaceAll(NAMED, `${schema}.`);
}

function assertSchemaName(schema: string): void {
  if (isSchemaName(schema)) return;
  throw new LockstepError("INVALID_CONFIG", `The schema ${JSON.stringify(schema)} ${SCHEMA_RULE}.`);
}

/**
 * The same database, with the ledger in another schema.
 * @throws LockstepError INVALID_CONFIG when the name of the schema needs quotes
 */
export function inSchema(database: Database, schema: string): Database {
  assertSchemaName(schema);
  if (schema === database.schema) return database;
  const renamed = new Map<string, Statement>();
  // Two schemas may be used through one pooled connection, so each has its own prepared statements.
  // The name of a schema itself can be too long for that: PostgreSQL cuts names at 63 characters.
  const suffix = createHash("sha256").update(schema).digest("hex").slice(0, 8);
  const rename = (statement: Statement | string): Statement | string => {
    if (typeof statement === "string" || !statement.ofLedger) return statement;
    const known = renamed.get(statement.text);
    if (known) return known;
    const name = statement.name === undefined ? {} : { name: `${statement.name}_${suffix}` };
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
