import type { Redis } from "ioredis";

/** @returns why nothing may be written here, null when nothing speaks against it */
export async function redisWriteObstacle(redis: Redis): Promise<string | null> {
  const replication = await redis.info("replication").catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith("NOPERM")) return null;
    throw error;
  });
  if (replication === null)
    return "its user in Redis may not call INFO, so nobody can say whether this is a replica: allow it +info";
  const role = /^role:(\w+)/m.exec(replication)?.[1];
  return role === "master" ? null : "this Redis is a replica: repairs belong to its primary";
}

/** Sends commands in one go. @throws the first error among the answers */
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

/** Slices of at most so many. */
export function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
