import type { ArtifactWriter, JobContext, Json, LogLevel, SqlTransaction } from "../job/index.js";
import type { ClaimedJob } from "../ledger/index.js";

/** The attempt behind a handler's context. */
export interface ContextSource {
  readonly job: ClaimedJob;
  /**
   * Created on first use: most handlers never use it, and an AbortController costs more than an
   * empty job.
   */
  signal(): AbortSignal;
  artifacts(): ArtifactWriter;
  progress(fraction: number, message?: string): void;
  log(message: string, level: LogLevel): void;
  commit<Output extends Json>(write: (tx: SqlTransaction) => Promise<Output>): Promise<Output>;
}

/** Creates the `ctx` of one attempt. Its functions can be destructured; they do not use `this`. */
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
