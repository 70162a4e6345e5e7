/** A limit that applies to a job, and what counts against it now. */
export interface LimitFacts {
  readonly concurrency: number | null;
  readonly rate_count: number | null;
  readonly rate_ms: number | null;
  readonly running: number;
  /** Starts in the period that ends now. */
  readonly started: number;
}

interface Held {
  readonly queue: string;
  readonly limit_key: string | null;
  readonly queue_limit: LimitFacts | null;
  readonly key_limit: LimitFacts | null;
}

/** @returns the sentence that says which limit holds the job back; null when no limit does */
export function heldByLimit({ queue, limit_key, queue_limit, key_limit }: Held): string | null {
  const ofQueue = queue_limit && reached(queue_limit);
  if (ofQueue) return `queue ${queue} ${ofQueue}`;
  const ofKey = key_limit && reached(key_limit);
  return ofKey ? `limit key ${JSON.stringify(limit_key)} of queue ${queue} ${ofKey}` : null;
}

function reached({ concurrency, rate_count, rate_ms, running, started }: LimitFacts): string | null {
  if (concurrency !== null && running >= concurrency)
    return `runs ${running} of ${concurrency} jobs that may run at once`;
  if (rate_count !== null && rate_ms !== null && started >= rate_count)
    return `has started ${started} of ${rate_count} jobs that may start in ${rate_ms / 1_000} s`;
  return null;
}
