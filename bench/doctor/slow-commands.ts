import { Redis } from "ioredis";

/** The limit that is promised, and what is told of the commands that were over it. */
const LIMIT_MS = 5;

export interface SlowCommands {
  readonly slowestMs: number;
  /** Which command that was. */
  readonly slowest: string;
  readonly overLimit: number;
}

/**
 * Has Redis note every command that keeps it busy for half a millisecond. `read` tells of those since. Redis takes the time by the clock: a
 * command that is under way while the machine runs something else is noted with that, too.
 */
export async function watchCommands(url: string): Promise<{ read(): Promise<SlowCommands> }> {
  const redis = new Redis(url);
  await redis.config("SET", "slowlog-log-slower-than", "500");
  await redis.config("SET", "slowlog-max-len", "10000");
  await redis.slowlog("RESET");
  return {
    async read() {
      const entries = (await redis.slowlog("GET", 10_000)) as readonly Entry[];
      redis.disconnect();
      const [worst] = [...entries].sort((a, b) => b[2] - a[2]);
      return {
        slowestMs: (worst?.[2] ?? 0) / 1_000,
        slowest: worst ? worst[3].slice(0, 4).join(" ").slice(0, 60) : "none",
        overLimit: entries.filter(([, , micros]) => micros > LIMIT_MS * 1_000).length,
      };
    },
  };
}

type Entry = readonly [id: number, at: number, micros: number, words: readonly string[]];
