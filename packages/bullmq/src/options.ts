import { createLockstep, type Lockstep } from "lockstep";
import { LockstepError } from "lockstep/internal/errors";
import { internalsOf, type LockstepInternals } from "lockstep/internal/internals";
import { type Duration, durationMs, NAME_PATTERN } from "lockstep/internal/job";
import type { Logger } from "pino";
import type { BullQueue } from "./entries.js";

const RECONCILE_MS = 30_000;
const SETTLE_MS = 300_000;
const DRAIN_MS = 25_000;
const GRACE_MS = 10_000;

interface CommonOptions {
  /** Your own BullMQ queue, with its own options. You close it, after the bridge. */
  readonly queue: BullQueue;
  /** The queue's name in the ledger. Default: the BullMQ queue's name. */
  readonly ledgerQueue?: string;
  /**
   * Whether this process may copy the queue to BullMQ. One process copies at a time and the others
   * are standbys; at least one must be allowed to. Default true.
   */
  readonly relay?: boolean;
  /** How often the queue in BullMQ is compared with the ledger. Default 30 s. */
  readonly reconcileEvery?: Duration;
  /**
   * How long a finished result, and BullMQ with it, waits for a ledger that cannot be reached.
   * Default 5 min.
   */
  readonly settleWithin?: Duration;
  /** How long handlers get to finish when the bridge is closed. Default 25 s. */
  readonly drainWithin?: Duration;
  /** Name of this process in the list of workers. Default: host name and process id. */
  readonly name?: string;
  /** Default: warnings and errors, as JSON lines on stderr. */
  readonly logger?: Logger;
}

export type BridgeOptions = CommonOptions &
  (
    | {
        /** PostgreSQL 14 or newer. The schema is migrated when needed. */
        readonly databaseUrl: string;
        /** The schema that holds the ledger. Default `lockstep`. */
        readonly schema?: string;
        /**
         * How long this process may be silent before its jobs are given to other workers. Default
         * 30 s.
         */
        readonly lease?: Duration;
        /** Where `ctx.artifacts` writes. Default `.lockstep`. */
        readonly dataDir?: string;
      }
    | {
        /** Shares the database of a Lockstep in this process. You close it, after the bridge. */
        readonly lockstep: Lockstep;
      }
  );

export interface CheckedBridgeOptions {
  readonly queue: BullQueue;
  readonly ledgerQueue: string;
  readonly relay: boolean;
  readonly reconcileMs: number;
  readonly settleMs: number;
  readonly drainMs: number;
  readonly graceMs: number;
}

/** @throws LockstepError INVALID_CONFIG; RangeError when a duration is not valid */
export function validateBridgeOptions(options: BridgeOptions): CheckedBridgeOptions {
  const { queue, relay = true, ledgerQueue = queue.name } = options;
  if (!NAME_PATTERN.test(ledgerQueue)) {
    const why = `${JSON.stringify(ledgerQueue)} is not a valid queue name in the ledger (lower-case letters, digits, . _ -); set ledgerQueue`;
    throw new LockstepError("INVALID_CONFIG", `The bridge cannot be created: ${why}.`);
  }
  return {
    queue,
    ledgerQueue,
    relay,
    reconcileMs: durationMs(options.reconcileEvery ?? RECONCILE_MS),
    settleMs: durationMs(options.settleWithin ?? SETTLE_MS),
    drainMs: durationMs(options.drainWithin ?? DRAIN_MS),
    graceMs: GRACE_MS,
  };
}

/** The stores and settings that the bridge uses. */
export type BridgeSource = LockstepInternals & {
  /** Closes everything that was opened here. */
  close(): Promise<void>;
};

/** @throws LockstepError SCHEMA_NEWER, SCHEMA_CHANGED; DatabaseUnavailableError */
export async function openSource(options: BridgeOptions): Promise<BridgeSource> {
  if ("lockstep" in options) return { ...internalsOf(options.lockstep), close: async () => undefined };
  const { databaseUrl, schema, lease, dataDir, logger } = options;
  const lockstep = await createLockstep({
    databaseUrl,
    jobs: [],
    ...(schema === undefined ? {} : { schema }),
    ...(lease === undefined ? {} : { lease }),
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(logger === undefined ? {} : { logger }),
  });
  return { ...internalsOf(lockstep), close: () => lockstep.close() };
}
