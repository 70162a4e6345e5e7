import type { CacheAnswer, JobCache } from "../job/index.js";
import { coalesce, withDeadline } from "../timing/index.js";
import type { RedisConnection } from "./connection.js";
import { keyNames } from "./key-names.js";
import { decodeProjectionRecord } from "./projection-record.js";
import { readValue } from "./value.js";

const ANSWER_MS_MAX = 250;
/** Keys in one MGET. A value is at most a little over a mebibyte. */
const KEYS_MAX = 50;

export interface CacheOptions {
  readonly redis: RedisConnection;
  /** Prefix of the values' keys. Default `result:`. */
  readonly prefix?: string;
}

const UNKNOWN: CacheAnswer = { state: "unknown" };

/**
 * Reads statuses from the projection, and answers within 250 ms. The reads of one tick become one
 * MGET.
 */
export function createCache({ redis, prefix = "result:" }: CacheOptions): JobCache {
  const names = keyNames(prefix);
  const read = coalesce<string, CacheAnswer>({
    run: async (asked) => {
      const ids = [...new Set(asked)];
      const [recordText = null, ...values] = await withDeadline(
        redis.quick.mget(names.record, ...ids.map(names.value)),
        { ms: ANSWER_MS_MAX, late: () => [] },
      ).catch(() => []);
      const epoch = decodeProjectionRecord(recordText)?.epoch ?? null;
      const answers = new Map(ids.map((id, index) => [id, answer(id, values[index] ?? null, epoch)]));
      return asked.map((id) => answers.get(id) ?? UNKNOWN);
    },
    batchSizeMax: KEYS_MAX,
    // An answer is due so soon that no read can wait for another. The server's request limit
    // already limits the number of readers.
    batchesMax: Number.POSITIVE_INFINITY,
  });
  return {
    get: (jobId) => (redis.isUp ? read(jobId.toLowerCase()) : Promise.resolve(UNKNOWN)),
  };
}

/**
 * A value of another epoch may come from a ledger that was rolled back since, so it is not an
 * answer.
 */
function answer(jobId: string, text: string | null, epoch: number | null): CacheAnswer {
  const value = text === null ? null : readValue(jobId, text);
  return value !== null && value.epoch === epoch ? { state: "hit", job: value.job } : UNKNOWN;
}
