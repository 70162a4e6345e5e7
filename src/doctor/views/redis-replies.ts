import type { Redis } from "ioredis";
import type { Unknown } from "./view.js";

/** One answer of a pipeline: the value, or that the key is of another type than was asked for. */
export type Reply<T> = { readonly value: T } | { readonly unknown: Unknown };

/**
 * Sends commands in one go. A key of another type than said concerns one job only, so it is an answer.
 * @throws any other error among the answers
 */
export async function replies<T>(
  redis: Redis,
  fill: (pipeline: ReturnType<Redis["pipeline"]>) => void,
): Promise<Reply<T>[]> {
  const pipeline = redis.pipeline();
  fill(pipeline);
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, value]) => {
    if (error === null) return { value: value as T };
    if (!error.message.startsWith("WRONGTYPE")) throw error;
    return { unknown: { state: "unknown", of: "value", why: "its key is of another type than expected" } };
  });
}
