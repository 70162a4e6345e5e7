import { LockstepError } from "lockstep/internal/errors";
import type { Copies } from "lockstep/internal/job";
import { z } from "zod";
import type { View } from "../views/view.js";
import { type LockstepLedger, ledgerView } from "./ledger-view.js";
import { type LockstepWrites, projectionView } from "./projection-view.js";

/**
 * Opens Lockstep's own stores. The doctor package does not depend on them, so the caller passes
 * this in.
 */
export interface LockstepStores {
  /** Opens no connection yet. */
  ledger(address: LedgerAddress): LockstepLedger;
  copies(options: CopiesOf): Copies;
  /** Where writes are recorded. */
  writes(address: LedgerAddress): LockstepWrites & WritesList;
  close(): Promise<void>;
}

/** Where a ledger is. */
export interface LedgerAddress {
  /** null: the embedded database. */
  readonly databaseUrl: string | null;
  /** Default: the one of the caller's configuration. */
  readonly schema?: string | undefined;
}

/** The recorded writes, newest first. */
export interface WritesList {
  list(options: { readonly limit: number }): Promise<readonly NotedWrite[]>;
}

export interface NotedWrite {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly run: string | null;
  readonly view: string;
  readonly job_id: string;
  readonly action: string;
  readonly outcome: string | null;
}

export interface CopiesOf {
  readonly redisUrl: string;
  /** Prefix of the copies' keys. */
  readonly prefix: string;
  /** The ledger that is copied. */
  readonly ledger: LedgerAddress;
}

const DatabaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// address" });

/** The schema that holds the ledger. Default: LOCKSTEP_SCHEMA. */
const schema = z.string().min(1).max(63).optional();

/** Lockstep's own record of every job. */
export const LedgerConfig = z.strictObject({
  type: z.literal("ledger"),
  url: DatabaseUrl,
  schema,
  /**
   * Only the jobs of this queue, for comparison with a store that holds only them. Default: all.
   */
  queue: z.string().min(1).optional(),
});

/** The copies that a Lockstep server keeps in Redis. */
export const ProjectionConfig = z.strictObject({
  type: z.literal("projection"),
  url: z.url({ protocol: /^rediss?$/, error: "must be a redis:// or rediss:// address" }),
  prefix: z.string().min(1).max(100).default("result:"),
  /** Address of the ledger that is copied; wrong copies are rewritten from it. */
  database: DatabaseUrl,
  schema,
});

type LockstepViewConfig = z.output<typeof LedgerConfig> | z.output<typeof ProjectionConfig>;

/** @throws LockstepError INVALID_CONFIG where Lockstep's own stores cannot be opened */
export function openLockstepView(
  name: string,
  config: LockstepViewConfig,
  own: LockstepStores | undefined,
): View {
  if (own === undefined)
    throw new LockstepError(
      "INVALID_CONFIG",
      `view ${name}: views of the type ${config.type} are for the command line; in a program, pass opened views as \`views\``,
    );
  const { schema } = config;
  if (config.type === "ledger")
    return ledgerView(name, own.ledger({ databaseUrl: config.url, schema }), config.queue);
  const { url: redisUrl, prefix, database: databaseUrl } = config;
  const ledger = { databaseUrl, schema };
  return projectionView(name, own.copies({ redisUrl, prefix, ledger }), own.writes(ledger));
}
