/** What a caller asks for. Everything but `kind` and `input` has a default. */
export interface SubmitRequest {
  readonly kind: string;
  /** Anything JSON can hold, at most 1 MiB and 100 levels deep. */
  readonly input: unknown;
  readonly queue?: string;
  /** -32768 to 32767, smaller runs first. Default 0. */
  readonly priority?: number;
  /** RFC 3339. Default: now. */
  readonly run_at?: string;
  readonly max_attempts?: number;
  readonly timeout_ms?: number;
  /** At most one pending or running job of a kind has a given unique key. */
  readonly unique_key?: string;
  /** The queue's limits by key count it under this key. */
  readonly limit_key?: string;
  /** The same key and request always give the same job, also after it was archived. */
  readonly idempotency_key?: string;
  readonly tags?: readonly string[];
  /** W3C trace context, handed to the handler. */
  readonly traceparent?: string;
}
