import type { Redis } from "ioredis";
import { ABSENT, type Absent, type Unknown } from "./view.js";

/** One answer of a pipeline: the value, or an error for a key of an unexpected type. */
export type RedisReply<T> = { readonly value: T } | { readonly unknown: Unknown };

/**
 * Sends commands in one pipeline. A key of an unexpected type concerns only one job, so it is
 * returned as an answer.
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
 * The answer for a job that Redis does not have under this id. Bytes that are not UTF-8 arrive as
 * U+FFFD and cannot be looked up again, so such a job may exist.
 */
export function notFound(id: string): Absent | Unknown {
  if (!id.includes("\ufffd")) return ABSENT;
  return { state: "unknown", of: "value", why: "its id is not UTF-8 text" };
}
