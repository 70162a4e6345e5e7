import type { z } from "zod";
import { type Duration, durationMs } from "./duration.js";
import type { Job } from "./job.js";
import type { Json } from "./json.js";
import { INTEGER_MAX, KEY_CHARS_MAX, PRIORITY_MAX, PRIORITY_MIN } from "./limits.js";
import { type RetryOptions, type RetryPolicy, retryPolicy } from "./retry.js";

export type LogLevel = "debug" | "info" | "warn" | "error";

/**
 * A connection inside a transaction, by shape: a `pg` client, or anything with the same `query`
 * call.
 */
export interface SqlTransaction {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** What a handler receives besides its input. */
export interface JobContext {
  /**
   * The job as it was when it was claimed. `traceparent` is the W3C trace context of the submit,
   * for your own spans.
   */
  readonly job: Job & { readonly traceparent: string | null };
  /**
   * Fires on cancel, timeout, lost lease and shutdown; its `reason` is a LockstepError that says
   * which.
   */
  readonly signal: AbortSignal;
  /**
   * Records the progress of the attempt. Written at most once a second; the newest value wins.
   * @param fraction between 0 and 1
   */
  progress(fraction: number, message?: string): void;
  /**
   * Adds a line to the job's log. Lines are kept with the job.
   * @throws RangeError when there is no such level
   */
  log(message: string, level?: LogLevel): void;
  readonly artifacts: ArtifactWriter;
  /**
   * Runs the handler's own SQL and completes the job in one transaction: both happen or neither
   * does. The function's return value is the job's output. After this call the handler can only
   * return. It runs once in an attempt, or again after it failed.
   * @throws FencedError when the attempt is no longer this worker's (everything is rolled back);
   *   HANDLER_FAULT when it is called twice, or when the function ended the transaction itself
   */
  commit<Output extends Json>(write: (tx: SqlTransaction) => Promise<Output>): Promise<Output>;
}

/** Files that a handler produces, kept with the job. */
export interface ArtifactWriter {
  /**
   * @param name a plain file name, without a folder
   * @param mediaType for the download, such as `application/sarif+json`
   */
  write(name: string, content: string | Uint8Array, mediaType?: string): Promise<void>;
}

export interface JobOptions<Input extends z.ZodType, Output> {
  /** The kind's name: lower-case letters, digits, `-`, `_`, `.`; at most 100 characters. */
  readonly kind: string;
  /** The schema of the input. The input is validated at submit and again before the run. */
  readonly input: Input;
  /** One sentence for people: shown in forms and in the API's reference. */
  readonly description?: string;
  /** Default `default`. */
  readonly queue?: string;
  readonly retry?: RetryOptions;
  /** Timeout of one attempt. Default: no limit. */
  readonly timeout?: Duration;
  /** -32768 to 32767, smaller runs first. Default 0. */
  readonly priority?: number;
  /** The queue's limits by key count the kind's jobs under this key. Default: under no key. */
  readonly limitKey?: string;
  run(input: z.output<Input>, ctx: JobContext): Promise<Output> | Output;
}

/** A kind of job: its input, its retry policy, and the function that runs it. */
export interface JobDefinition<Input extends z.ZodType = z.ZodType, Output = unknown> {
  readonly kind: string;
  readonly input: Input;
  readonly description: string | null;
  readonly queue: string;
  readonly retry: RetryPolicy;
  /** Milliseconds, or null for no limit. */
  readonly timeoutMs: number | null;
  readonly priority: number;
  readonly limitKey: string | null;
  run(input: z.output<Input>, ctx: JobContext): Promise<Output> | Output;
}

/** A definition of any input and output, as the worker and the server hold them. */
// biome-ignore lint/suspicious/noExplicitAny: a function's parameter is contravariant; `unknown` would refuse every real handler
export type AnyJobDefinition = JobDefinition<any, any>;

const KEY_PATTERN = new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${KEY_CHARS_MAX}}$`, "u");

export const NAME_PATTERN = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/**
 * Declares a kind of job.
 * @throws RangeError when the name, the timeout, the priority, the limit key or the retry options
 *   are out of range, TypeError when the schema or the function is missing
 */
export function defineJob<Input extends z.ZodType, Output>(
  options: JobOptions<Input, Output>,
): JobDefinition<Input, Output> {
  for (const name of [options.kind, options.queue ?? "default"]) {
    if (!NAME_PATTERN.test(name))
      throw new RangeError(
        `not a kind or queue name: ${JSON.stringify(name)} (lower-case letters, digits, . _ -)`,
      );
  }
  const { input, run }: Partial<JobOptions<Input, Output>> = options;
  if (typeof input?.safeParseAsync !== "function" || typeof run !== "function")
    throw new TypeError(`a job needs a zod schema as input and a function run: ${options.kind}`);
  const { priority = 0, limitKey = null } = options;
  const timeoutMs = options.timeout === undefined ? null : durationMs(options.timeout);
  assertRanges({ priority, limitKey, timeoutMs });
  return Object.freeze({
    kind: options.kind,
    input: options.input,
    description: options.description ?? null,
    queue: options.queue ?? "default",
    retry: retryPolicy(options.retry),
    timeoutMs,
    priority,
    limitKey,
    run: options.run,
  });
}

function assertRanges({
  priority,
  limitKey,
  timeoutMs,
}: Pick<JobDefinition, "priority" | "limitKey" | "timeoutMs">): void {
  if (timeoutMs !== null && (timeoutMs < 1 || timeoutMs > INTEGER_MAX))
    throw new RangeError(`timeout must be 1 to ${INTEGER_MAX} milliseconds, not ${timeoutMs}`);
  if (!Number.isInteger(priority) || priority < PRIORITY_MIN || priority > PRIORITY_MAX)
    throw new RangeError(
      `priority must be a whole number from ${PRIORITY_MIN} to ${PRIORITY_MAX}, not ${priority}`,
    );
  if (limitKey !== null && !KEY_PATTERN.test(limitKey))
    throw new RangeError(`limitKey must be 1 to ${KEY_CHARS_MAX} characters without control characters`);
}
