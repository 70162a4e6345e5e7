import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from "kysely";
import { openFile, type SqliteFile } from "./sqlite-file.js";
import type { SqlTables } from "./store-connections.js";

/**
 * A SQLite file. It is opened read-only; only a read-write transaction gets a second handle that
 * can write. Other processes can use the file meanwhile: the locks are SQLite's own.
 * @param url `sqlite:/path/to/file.db`, or `file:`
 */
export function connectSqlite(url: string): Kysely<SqlTables> {
  const path = pathOf(url);
  return new Kysely({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new FileDriver(path),
      createIntrospector: (database) => new SqliteIntrospector(database),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}

/** `sqlite:/a/b`, `sqlite:///a/b` and `sqlite:b` (relative to the working folder). */
function pathOf(url: string): string {
  return decodeURIComponent(url.replace(/^(sqlite|file):(\/\/(?=\/))?/, ""));
}

/** Allows one user at a time, because SQLite's calls are synchronous. */
class FileDriver implements Driver {
  readonly #connection: FileConnection;
  #lastUser: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  constructor(path: string) {
    this.#connection = new FileConnection(path);
  }

  async init(): Promise<void> {
    // The first query opens the file, so the caller gets its error.
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#lastUser;
    const { promise, resolve } = deferred();
    this.#lastUser = promise;
    await before;
    this.#release = resolve;
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#release();
  }

  async beginTransaction(_connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await this.#connection.begin(settings.accessMode === "read write");
  }

  async commitTransaction(): Promise<void> {
    this.#connection.end("commit");
  }

  async rollbackTransaction(): Promise<void> {
    this.#connection.end("rollback");
  }

  async destroy(): Promise<void> {
    this.#connection.close();
  }
}

class FileConnection implements DatabaseConnection {
  readonly #path: string;
  #reader: SqliteFile | null = null;
  #writer: SqliteFile | null = null;
  #isWriting = false;

  constructor(path: string) {
    this.#path = path;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const file = await this.#file();
    if (/^\s*(select|pragma|with)\b/i.test(sql)) return { rows: file.all(sql, parameters) as R[] };
    return { rows: [], numAffectedRows: file.run(sql, parameters) };
  }

  // biome-ignore lint/correctness/useYield: nothing here streams
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error("a SQLite file is read page by page, not as a stream");
  }

  async begin(isWriting: boolean): Promise<void> {
    this.#isWriting = isWriting;
    // Take the write lock first: a transaction that reads before it writes fails when another
    // process writes in between.
    (await this.#file()).run(isWriting ? "begin immediate" : "begin", []);
  }

  end(how: "commit" | "rollback"): void {
    const file = this.#isWriting ? this.#writer : this.#reader;
    try {
      file?.run(how, []);
    } finally {
      this.#isWriting = false;
    }
  }

  close(): void {
    this.#reader?.close();
    this.#writer?.close();
  }

  async #file(): Promise<SqliteFile> {
    if (this.#isWriting) {
      this.#writer ??= await openFile(this.#path, { readOnly: false });
      return this.#writer;
    }
    this.#reader ??= await openFile(this.#path, { readOnly: true });
    return this.#reader;
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
