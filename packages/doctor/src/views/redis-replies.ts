import type { Redis } from "ioredis";
import { ABSENT, type Absent, type Unknown } from "./view.js";

/** One answer of a pipeline: the value, or that the key is of another type than was asked for. */
export type RedisReply<T> = { readonly value: T } | { readonly unknown: Unknown };

/**
 * Sends commands in one go. A key of another type than said concerns one job only, so it is an answer.
 * @throws any other error among the answers
 */
export async function replies<T>(
  redis: Redis,
  fill: (pipeline: ReturnType<Redis["pipeline"]>) => void,
): Promise<RedisReply<T>[]> {
  const pipeline = redis.pipeline();
  fill(pipeline);
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, value]) => {
    if (error === null) return { value: value as T };
    if (!error.message.startsWith("WRONGTYPE")) throw error;
    return { unknown: { state: "unknown", of: "value", why: "its key is of another type than expected" } };
  });
}

/**
 * What is said of a job that Redis does not have under this id. Bytes that are no UTF-8 arrive as U+FFFD, and nobody can ask for those again:
 * such a job may well be there.
 */
export function notFound(id: string): Absent | Unknown {
  if (!id.includes("\ufffd")) return ABSENT;
  return { state: "unknown", of: "value", why: "its id is not UTF-8 text" };
}
