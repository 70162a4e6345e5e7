import type { Logger } from "pino";
import type { WorkerLedger } from "../ledger/index.js";

/** `thread`: on a connection of its own, where a busy event loop cannot stop it. `inline`: in this process, which the embedded database shares. */
export type HeartbeatMode =
  | { readonly mode: "thread"; readonly databaseUrl: string }
  | { readonly mode: "inline" };

export interface HeartbeatOptions {
  readonly workerId: string;
  readonly ledger: Pick<WorkerLedger, "heartbeat">;
  /** Between two beats. */
  readonly beatMs: number;
  /** After a beat that failed. */
  readonly retryMs: number;
  readonly logger: Logger;
  /** The ledger does not know this worker any more. Called again with every beat until it does. */
  onGone(): void;
}

/** Tells the ledger again and again that this worker lives. The worker has just been registered. */
export interface Heartbeat {
  /** Milliseconds since the last beat that the ledger took was sent. */
  ageMs(): number;
  stop(): Promise<void>;
}

/** @param nanoseconds a time of `process.hrtime.bigint()`, which all threads of a process share */
export function msSince(nanoseconds: bigint): number {
  return Number((process.hrtime.bigint() - nanoseconds) / 1_000_000n);
}
