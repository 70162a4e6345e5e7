import { openDatabase } from "lockstep/internal/database";

/**
 * Opens a transaction that has read and written and then idles, like a forgotten psql window. No
 * row that dies after it can be cleaned up.
 * @returns a function that ends it
 */
export async function holdOldTransaction(url: string): Promise<() => Promise<void>> {
  const database = await openDatabase({ url, applicationName: "bench old transaction" });
  const session = await database.connect();
  await session.query("set idle_in_transaction_session_timeout = 0");
  await session.query("begin isolation level repeatable read");
  await session.query("select count(*), pg_current_xact_id() from pg_class");
  return async () => {
    await session.query("rollback");
    await session.release();
    await database.close();
  };
}
