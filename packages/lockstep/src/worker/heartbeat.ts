import type { Logger } from "pino";
import type { WorkerLedger } from "../ledger/index.js";

/**
 * `thread`: on its own connection, where a busy event loop cannot stop it. `inline`: in this
 * thread, which shares the embedded database.
 */
export type HeartbeatMode =
  | { readonly mode: "thread"; readonly databaseUrl: string; readonly schema?: string }
  | { readonly mode: "inline" };

export interface HeartbeatOptions {
  readonly workerId: string;
  readonly ledger: Pick<WorkerLedger, "heartbeat">;
  /** Between two heartbeats. */
  readonly beatMs: number;
  /** After a heartbeat that failed. */
  readonly retryMs: number;
  readonly logger: Logger;
  /**
   * The ledger no longer knows this worker. Called at every heartbeat until the ledger knows it
   * again.
   */
  onGone(): void;
}

/**
 * Reports to the ledger periodically that this worker is alive. The worker has just been
 * registered.
 */
export interface Heartbeat {
  /** Milliseconds since the last successful heartbeat was sent. */
  ageMs(): number;
  stop(): Promise<void>;
}

/** @param nanoseconds a time of `process.hrtime.bigint()`, which all threads of a process share */
export function msSince(nanoseconds: bigint): number {
  return Number((process.hrtime.bigint() - nanoseconds) / 1_000_000n);
}
