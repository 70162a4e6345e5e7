import type { ArtifactWriter, JobContext, Json, LogLevel, SqlTransaction } from "../job/index.js";
import type { ClaimedJob } from "../ledger/index.js";

/** What a handler's context does, by the attempt it belongs to. */
export interface ContextSource {
  readonly job: ClaimedJob;
  /** Made when it is first asked for: most handlers never ask, and an AbortController costs more than an empty job. */
  signal(): AbortSignal;
  artifacts(): ArtifactWriter;
  progress(fraction: number, message?: string): void;
  log(message: string, level: LogLevel): void;
  commit<Output extends Json>(write: (tx: SqlTransaction) => Promise<Output>): Promise<Output>;
}

/** The `ctx` of one attempt. Its functions may be taken out of it; they need no `this`. */
export function createContext(source: ContextSource): JobContext {
  return {
    job: source.job,
    get signal() {
      return source.signal();
    },
    get artifacts() {
      return source.artifacts();
    },
    progress: (fraction, message) => source.progress(fraction, message),
    log: (message, level = "info") => source.log(message, level),
    commit: (write) => source.commit(write),
  };
}
