import { resolve } from "node:path";
import { LockstepError } from "lockstep/internal/errors";

/** How long a call waits for another process's lock. The wait blocks this process. */
const BUSY_MS_MAX = 2_000;

/**
 * An open file. Whole numbers are returned as numbers, or as text where a number would lose digits.
 */
export interface SqliteFile {
  all(sql: string, parameters: readonly unknown[]): Record<string, unknown>[];
  /** @returns the number of changed rows */
  run(sql: string, parameters: readonly unknown[]): bigint;
  close(): void;
}

/**
 * Opens an existing file with the SQLite built into Node.js (22.13 and newer), else with the
 * package `@photostructure/sqlite`, which is the same library with the same interface. Both use
 * SQLite's own locks, also beside a live writer in WAL mode.
 * @throws LockstepError VIEW_UNREADABLE when neither is available, or the file cannot be opened
 */
export async function openFile(
  path: string,
  { readOnly }: { readonly readOnly: boolean },
): Promise<SqliteFile> {
  const { DatabaseSync } = await library();
  let database: InstanceType<typeof DatabaseSync>;
  try {
    database = new DatabaseSync(path, { readOnly });
    database.exec(`pragma busy_timeout = ${BUSY_MS_MAX}`);
  } catch (cause) {
    throw new LockstepError(
      "VIEW_UNREADABLE",
      `the SQLite file ${JSON.stringify(resolve(path))} cannot be opened`,
      {
        cause,
      },
    );
  }
  const prepare = (sql: string) => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return statement;
  };
  return {
    all: (sql, parameters) =>
      prepare(sql)
        .all(...parameters.map(bound))
        .map(plainRow),
    run: (sql, parameters) => BigInt(prepare(sql).run(...parameters.map(bound)).changes),
    close: () => database.close(),
  };
}

async function library(): Promise<typeof import("@photostructure/sqlite")> {
  try {
    // The same classes, built into Node.js 22.13 and newer.
    return (await import("node:sqlite" as string)) as typeof import("@photostructure/sqlite");
  } catch {
    // Older Node.js versions.
  }
  try {
    return await import("@photostructure/sqlite");
  } catch (cause) {
    const advice = "npm install @photostructure/sqlite@1, or use Node.js 22.13 or newer";
    throw new LockstepError("VIEW_UNREADABLE", `to read SQLite files: ${advice}`, { cause });
  }
}

type Bound = null | number | bigint | string | Uint8Array;

/**
 * Whole numbers are bound as bigint: a JavaScript number would be stored as 1.0 in a column without
 * a type.
 */
function bound(value: unknown): Bound {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === "bigint" || typeof value === "string" || value instanceof Uint8Array) return value;
  return typeof value === "boolean" ? BigInt(value) : JSON.stringify(value);
}

function plainRow(row: unknown): Record<string, unknown> {
  const entries = Object.entries(row as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name, plain(value)]));
}

function plain(value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
