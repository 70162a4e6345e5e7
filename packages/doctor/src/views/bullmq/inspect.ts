import type { Redis } from "ioredis";
import { chunksOf } from "../../stores/redis-facts.js";
import { type BullmqJob, decodeInspected } from "./job-hash.js";
import type { QueueKeys } from "./queue-keys.js";
import { TEXTS } from "./texts.generated.js";

/** Maximum number of comparisons in one run of the script: about a millisecond of server time. */
const COMPARISONS_PER_RUN = 100_000;
const IDS_PER_RUN_MAX = 100;
const IDS_PER_RUN_MIN = 5;

interface InspectOptions {
  /** Waiting lists up to this length are searched for each id. */
  readonly listLengthMax: number;
  readonly fields: "all" | "result";
}

/** One job; null: there is none. `otherType`: its key is not a hash. */
export type Inspected = BullmqJob | { readonly otherType: string } | null;

/** Reads the states and hashes of jobs. Each chunk is read atomically. */
export async function inspect(
  redis: Redis,
  keys: QueueKeys,
  ids: readonly string[],
  { listLengthMax, fields }: InspectOptions,
): Promise<ReadonlyMap<string, Inspected>> {
  const lengths = await Promise.all([redis.llen(keys.places[5] ?? ""), redis.llen(keys.places[0] ?? "")]);
  const waiting = Math.min(lengths[1], listLengthMax);
  const perId = Math.max(1_000, lengths[0] + waiting);
  const size = Math.min(IDS_PER_RUN_MAX, Math.max(IDS_PER_RUN_MIN, Math.floor(COMPARISONS_PER_RUN / perId)));
  const found = new Map<string, Inspected>();
  const chunks = chunksOf(ids, size);
  // Two requests in parallel: the server answers one while the other answer is read. More would
  // make other clients wait.
  const loop = async () => {
    for (const chunk of chunks) {
      const args = [keys.jobPrefix, listLengthMax, fields, ...chunk];
      const answers: unknown = await redis.eval(
        TEXTS["inspect.lua"],
        keys.places.length,
        ...keys.places,
        ...args,
      );
      for (const [index, id] of chunk.entries())
        found.set(id, seen(Array.isArray(answers) ? answers[index] : null));
    }
  };
  await Promise.all([loop(), loop()]);
  return found;
}

function seen(answer: unknown): Inspected {
  if (Array.isArray(answer) && answer.length === 1) return { otherType: String(answer[0]) };
  return decodeInspected(answer);
}
