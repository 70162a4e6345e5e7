/** The data that the heartbeat thread is started with. */
export interface HeartbeatThreadData {
  readonly databaseUrl: string;
  /** null: the default. */
  readonly schema: string | null;
  readonly workerId: string;
  readonly beatMs: number;
  readonly retryMs: number;
  readonly blockedMsMax: number;
  /** LAST_BEAT and LAST_PULSE, nanoseconds of `process.hrtime`, which both threads share. */
  readonly times: SharedArrayBuffer;
}

/** When the last heartbeat that reached the ledger was sent. Written by the heartbeat thread. */
export const LAST_BEAT = 0;
/** When the event loop of the main thread last turned. Written by the main thread. */
export const LAST_PULSE = 1;

/** Result of a heartbeat. `gone`: the ledger no longer knows this worker. */
export type HeartbeatMessage = "beat" | "gone" | "failed";
