import type { LIMIT_SCOPES } from "../job/index.js";

/** At most this many attempts start in any period of this length. */
export interface LimitRate {
  readonly count: number;
  /** 1,000 to 86,400,000. */
  readonly per_ms: number;
}

export interface Limit {
  /** How many jobs run at once. null: unlimited. */
  readonly concurrency: number | null;
  /** null: unlimited. */
  readonly rate: LimitRate | null;
}

export interface SetLimit extends Limit {
  readonly scope: (typeof LIMIT_SCOPES)[number];
  /** Only with the scope `key`. */
  readonly key?: string;
}

export interface QueueLimits {
  readonly queue: string;
  readonly limit: Limit | null;
  readonly each_key: Limit | null;
  readonly keys: readonly ({ readonly key: string } & Limit)[];
}
