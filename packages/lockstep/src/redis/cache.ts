import type { RedisConnection } from "./connection.js";
import { keyNames } from "./key-names.js";
import { decodeRecord } from "./record.js";
import { type CachedJob, readValue } from "./value.js";

const ANSWER_MS_MAX = 250;
/** Keys in one MGET. A value is at most a little over a mebibyte. */
const KEYS_MAX = 50;

/**
 * What the copy says of a job. That it has none means nothing: it may be late, emptied, being rebuilt or out of reach, so a miss is
 * never "no such job".
 */
export type CacheAnswer = { readonly state: "hit"; readonly job: CachedJob } | { readonly state: "unknown" };

export interface Cache {
  /** Answers within 250 ms, whatever Redis does. Never throws. */
  get(jobId: string): Promise<CacheAnswer>;
}

export interface CacheOptions {
  readonly redis: RedisConnection;
  /** Of the values' keys. Default `result:`. */
  readonly prefix?: string;
}

const UNKNOWN: CacheAnswer = { state: "unknown" };

interface Waiting {
  readonly id: string;
  readonly resolve: (answer: CacheAnswer) => void;
}

/** Reads the copies. The reads of one tick become one MGET. */
export function createCache({ redis, prefix = "result:" }: CacheOptions): Cache {
  const names = keyNames(prefix);
  let waiting: Waiting[] = [];

  const read = async (batch: readonly Waiting[]): Promise<void> => {
    const ids = [...new Set(batch.map((one) => one.id))];
    const [recordText = null, ...values] = await inTime(
      redis.quick.mget(names.record, ...ids.map(names.value)),
    ).catch(() => []);
    const epoch = decodeRecord(recordText)?.epoch ?? null;
    const answers = new Map(ids.map((id, index) => [id, answer(id, values[index] ?? null, epoch)]));
    for (const { id, resolve } of batch) resolve(answers.get(id) ?? UNKNOWN);
  };
  const dispatch = (): void => {
    const all = waiting;
    waiting = [];
    for (let start = 0; start < all.length; start += KEYS_MAX) void read(all.slice(start, start + KEYS_MAX));
  };
  return {
    get(jobId) {
      if (!redis.isUp) return Promise.resolve(UNKNOWN);
      return new Promise((resolve) => {
        waiting.push({ id: jobId.toLowerCase(), resolve });
        if (waiting.length === 1) setImmediate(dispatch);
      });
    },
  };
}

/** A value of another epoch may be of a ledger that was rolled back since, so it is no answer. */
function answer(jobId: string, text: string | null, epoch: number | null): CacheAnswer {
  const value = text === null ? null : readValue(jobId, text);
  return value !== null && value.epoch === epoch ? { state: "hit", job: value.job } : UNKNOWN;
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("Redis did not answer in time")), ANSWER_MS_MAX);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
