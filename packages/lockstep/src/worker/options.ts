import { hostname } from "node:os";
import type { Logger } from "pino";
import type { ArtifactStore } from "../artifacts/index.js";
import { LockstepError } from "../errors.js";
import { type AnyJobDefinition, NAME_PATTERN } from "../job/index.js";
import type { Ledger, WorkerLedger } from "../ledger/index.js";
import type { HeartbeatMode } from "./heartbeat.js";
import type { OpenSpoolFile } from "./spool-file.js";

export const CONCURRENCY_MAX = 10_000;
const DRAIN_SECONDS_DEFAULT = 25;
const GRACE_SECONDS_DEFAULT = 10;

export interface WorkerOptions {
  /** The caller closes it, after the worker has stopped. */
  readonly ledger: WorkerLedger & Pick<Ledger, "wakeUps">;
  /** The kinds this worker runs. */
  readonly definitions: readonly AnyJobDefinition[];
  /** How many handlers may run at once. 1 to 10,000. */
  readonly concurrency: number;
  /** Names of the queues to claim from. Empty means all queues, present and future. */
  readonly queues: readonly string[];
  /**
   * Folder of the spool, where outcomes are kept while the ledger cannot be reached. Workers may
   * share it.
   */
  readonly dataDir: string;
  /**
   * Seconds without a heartbeat until the ledger's sweeper considers a worker lost. Must be the
   * ledger's value.
   */
  readonly leaseSeconds: number;
  readonly heartbeat: HeartbeatMode;
  /** Where `ctx.artifacts` writes. Default: writing an artifact fails. */
  readonly artifacts?: ArtifactStore;
  readonly logger: Logger;
  /** Seconds that running handlers get to finish when the worker stops. Default 25. */
  readonly drainSeconds?: number;
  /** Seconds that a handler gets to return after its signal was aborted. Default 10. */
  readonly graceSeconds?: number;
  /** Display name of this worker. Default: host name and process id. */
  readonly name?: string;
  /** Opens the spool file. Tests pass one that cannot be written. */
  readonly openSpoolFile?: OpenSpoolFile;
}

export type CheckedWorkerOptions = Required<Omit<WorkerOptions, "artifacts" | "openSpoolFile">> &
  Pick<WorkerOptions, "artifacts" | "openSpoolFile">;

/**
 * Checks the options and fills in the defaults.
 * @throws LockstepError INVALID_CONFIG for the first option that is out of range
 */
export function validateWorkerOptions(options: WorkerOptions): CheckedWorkerOptions {
  const checked = {
    drainSeconds: DRAIN_SECONDS_DEFAULT,
    graceSeconds: GRACE_SECONDS_DEFAULT,
    name: `${hostname()}-${process.pid}`,
    ...options,
  };
  const { concurrency, leaseSeconds, drainSeconds, graceSeconds, queues, definitions } = checked;
  const isWhole = Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= CONCURRENCY_MAX;
  if (!isWhole) fail(`concurrency must be a whole number from 1 to ${CONCURRENCY_MAX}`);
  if (!(leaseSeconds > 0)) fail("leaseSeconds must be over 0");
  if (!(drainSeconds >= 0)) fail("drainSeconds must be 0 or more");
  if (!(graceSeconds >= 0)) fail("graceSeconds must be 0 or more");
  for (const queue of queues)
    if (!NAME_PATTERN.test(queue)) fail(`${JSON.stringify(queue)} is not a valid queue name`);
  const kinds = definitions.map((definition) => definition.kind);
  const twice = kinds.find((kind, index) => kinds.indexOf(kind) !== index);
  if (twice !== undefined) fail(`the kind ${twice} is defined twice`);
  if (kinds.length === 0) fail("a worker needs at least one definition");
  return checked;
}

function fail(why: string): never {
  throw new LockstepError("INVALID_CONFIG", `The worker cannot be created: ${why}.`);
}
