import type { Redis } from "ioredis";

/** @returns why nothing may be written here; null: writes are allowed */
export async function redisWriteObstacle(redis: Redis): Promise<string | null> {
  const replication = await redis.info("replication").catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith("NOPERM")) return null;
    throw error;
  });
  if (replication === null)
    return "the Redis user may not call INFO, so it is unknown whether this is a replica: grant the user +info";
  const role = /^role:(\w+)/m.exec(replication)?.[1];
  return role === "master" ? null : "this Redis is a replica: repairs belong to its primary";
}

/** Sends commands in one pipeline. @throws the first error among the answers */
export async function pipelined<T>(
  redis: Redis,
  fill: (pipeline: ReturnType<Redis["pipeline"]>) => void,
): Promise<T[]> {
  const pipeline = redis.pipeline();
  fill(pipeline);
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, answer]) => {
    if (error) throw error;
    return answer as T;
  });
}

/** Splits a list into chunks of at most `size`. */
export function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
