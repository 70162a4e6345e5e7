import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase, type Queryable } from "lockstep/internal/database";
import { migrate, type OpenLedger, openLedger } from "lockstep/internal/ledger";
import { newDatabase } from "../../tests/servers/new-database.js";
import type { Postgres } from "../../tests/servers/postgres.js";

export type Engine = "postgres" | "pglite";

/** A migrated, empty ledger that counts the statements sent to its database. */
export interface Subject {
  readonly engine: Engine;
  readonly database: Database;
  readonly ledger: OpenLedger;
  /** null for the embedded engine. */
  readonly url: string | null;
  readonly dataDir: string;
  roundTrips(): number;
  close(): Promise<void>;
}

export async function openSubject(engine: Engine, server: Postgres | null): Promise<Subject> {
  const dataDir = await mkdtemp(join(tmpdir(), "lockstep-bench-"));
  const fresh = engine === "postgres" && server !== null ? await newDatabase(server.url) : null;
  const plain = await openDatabase(fresh ? { url: fresh.url } : { dataDir });
  await migrate(plain);
  const { database, count } = counted(plain);
  const ledger = openLedger(database, { leaseSeconds: 30 });
  return {
    engine,
    database,
    ledger,
    url: fresh?.url ?? null,
    dataDir,
    roundTrips: count,
    async close() {
      await ledger.close();
      await plain.close();
      await fresh?.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function counted(plain: Database): { database: Database; count: () => number } {
  let trips = 0;
  const counting = (on: Queryable): Queryable => ({
    query: (statement, values) => {
      trips++;
      return on.query(statement, values);
    },
  });
  const database: Database = {
    ...plain,
    query: counting(plain).query,
    transaction: (work) => {
      trips += 2;
      return plain.transaction((tx) => work(counting(tx)));
    },
  };
  return { database, count: () => trips };
}
