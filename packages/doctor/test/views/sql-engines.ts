import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { createConnection } from "mysql2/promise";
import { type Mariadb, startMariadb } from "../../../../tests/servers/mariadb.js";

const COLUMNS = {
  id: "id",
  status: "jobStatus",
  result: "result",
  error: "error",
  attempt: "attempt",
  created_at: "createdAt",
  started_at: "startedAt",
  finished_at: "finishedAt",
  updated_at: "updatedAt",
};

export const STATUSES = {
  PENDING: "pending",
  IN_PROGRESS: "running",
  COMPLETED: "completed",
  FAILED: "failed",
  CANCELLED: "cancelled",
};

/** A database with an empty table `ScanJob`, as Prisma and Django make them. */
export interface Engine {
  readonly url: string;
  /** Runs statements as the owner of the table. Returns the rows of the last one. */
  run(...statements: readonly string[]): Promise<readonly Record<string, unknown>[]>;
  insert(id: string, status: string): Promise<void>;
  config(more?: object): Record<string, unknown>;
}

const configOf = (url: string, more: object) => ({
  type: "sql",
  url,
  table: "ScanJob",
  columns: COLUMNS,
  statuses: STATUSES,
  ...more,
});

const MARIADB_TABLE = `create table ScanJob (
  id varchar(191) not null primary key,
  jobStatus enum('PENDING','IN_PROGRESS','COMPLETED','FAILED','CANCELLED') not null default 'PENDING',
  result json null, error text null, attempt int not null default 0,
  createdAt datetime(6) not null default '2026-01-01 00:00:00.123456', startedAt datetime(6) null, finishedAt datetime(6) null,
  updatedAt timestamp(6) not null default '2026-01-01 00:00:00.5' on update current_timestamp(6)
) default character set utf8mb4`;

const SQLITE_TABLE = `create table "ScanJob" (
  id text not null primary key, "jobStatus" text not null default 'PENDING', result text, error text,
  attempt integer not null default 0, "createdAt" datetime not null default '2026-01-01 00:00:00.123456',
  "startedAt" datetime, "finishedAt" datetime, "updatedAt" datetime not null default '2026-01-01 00:00:00.5'
)`;

let mariadb: Mariadb | null = null;

/** Starts one server for a whole test file; call `remove` afterwards. */
export async function sharedMariadb(): Promise<Mariadb> {
  mariadb ??= await startMariadb();
  return mariadb;
}

/** A new database on the shared server. */
export async function mariadbEngine(): Promise<Engine> {
  const url = await (await sharedMariadb()).freshDatabase();
  const open = () => createConnection({ uri: url, dateStrings: true, jsonStrings: true, timezone: "Z" });
  const engine: Engine = {
    url,
    async run(...statements) {
      const connection = await open();
      try {
        let rows: unknown = [];
        for (const statement of ["set time_zone = '+00:00'", ...statements])
          [rows] = await connection.query(statement);
        return rows as Record<string, unknown>[];
      } finally {
        await connection.end();
      }
    },
    async insert(id, status) {
      const connection = await open();
      await connection.query("set time_zone = '+00:00'");
      await connection.execute(
        "insert into ScanJob (id, jobStatus, updatedAt) values (?, ?, '2026-01-01 00:00:00.5')",
        [id, status],
      );
      await connection.end();
    },
    config: (more = {}) => configOf(url, more),
  };
  await engine.run(MARIADB_TABLE);
  return engine;
}

/** A new file in WAL mode. */
export async function sqliteEngine(): Promise<Engine & { readonly file: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-sqlite-"));
  const file = join(folder, `${randomUUID()}.db`);
  const within = <T>(work: (database: InstanceType<typeof DatabaseSync>) => T): T => {
    const database = new DatabaseSync(file);
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  const engine = {
    file,
    url: `sqlite:${file}`,
    run: async (...statements: readonly string[]) =>
      within((database) => {
        let rows: unknown[] = [];
        for (const statement of statements) rows = database.prepare(statement).all();
        return rows.map((row) => ({ ...(row as Record<string, unknown>) }));
      }),
    insert: async (id: string, status: string) =>
      within((database) => {
        database.prepare('insert into "ScanJob" (id, "jobStatus") values (?, ?)').run(id, status);
      }),
    config: (more: object = {}) => configOf(`sqlite:${file}`, more),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  await engine.run("pragma journal_mode = wal", SQLITE_TABLE);
  return engine;
}
