import { storableText } from "./attempt-error.js";
import type { AnyJobDefinition } from "./definition.js";
import { inputSchema, type JsonSchema } from "./input-schema.js";
import { type RetryPolicy, retryPolicy } from "./retry.js";
import type { KindDefaults } from "./submit-fields.js";

const DESCRIPTION_BYTES_MAX = 10_000;

/** The wait after a failure, in milliseconds. */
export interface Backoff {
  readonly base_delay_ms: number;
  readonly max_delay_ms: number;
}

/** What a worker or client says about a kind of job that it defines. */
export interface KindFacts {
  readonly kind: string;
  readonly queue: string;
  /** Smaller runs first. */
  readonly priority: number;
  readonly max_attempts: number;
  /** For each attempt; null: no limit. */
  readonly timeout_ms: number | null;
  /** null: the usual one. */
  readonly backoff: Backoff | null;
  readonly limit_key: string | null;
  readonly description: string | null;
  /** JSON Schema (2020-12) of the input; null: the input is not described. */
  readonly input_schema: JsonSchema | null;
}

/** A kind as a process records it. */
export interface KindRecord extends KindFacts {
  /** Of everything else: two processes that define the kind in the same way have the same. */
  readonly version_hash: string;
}

/** A kind as the ledger has it. */
export interface RecordedKind extends KindFacts {
  /** null: only the kind's name is known, because a worker has offered it. */
  readonly version_hash: string | null;
  readonly recorded_at: string;
}

export function kindFacts(definition: AnyJobDefinition): KindFacts {
  const { kind, queue, priority, retry, timeoutMs, limitKey, description, input } = definition;
  return {
    kind,
    queue,
    priority,
    max_attempts: retry.maxAttempts,
    timeout_ms: timeoutMs,
    backoff: { base_delay_ms: retry.baseDelayMs, max_delay_ms: retry.maxDelayMs },
    limit_key: limitKey,
    description: description === null ? null : storableText(description, DESCRIPTION_BYTES_MAX),
    input_schema: inputSchema(input),
  };
}

/** The values that a recorded kind has for fields that a submit leaves out. */
export function recordedDefaults(kind: KindFacts): KindDefaults {
  const { queue, priority, max_attempts, timeout_ms, limit_key } = kind;
  return {
    queue,
    priority,
    max_attempts,
    ...(timeout_ms === null ? {} : { timeout_ms }),
    ...(limit_key === null ? {} : { limit_key }),
  };
}

export function recordedRetryPolicy({ max_attempts, backoff }: KindFacts): RetryPolicy {
  if (backoff === null) return retryPolicy({ maxAttempts: max_attempts });
  return retryPolicy({
    maxAttempts: max_attempts,
    baseDelay: backoff.base_delay_ms,
    maxDelay: backoff.max_delay_ms,
  });
}
