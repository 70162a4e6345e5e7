import { Redis } from "ioredis";

/** The guaranteed limit, and a report of the commands that exceeded it. */
const LIMIT_MS = 5;

export interface SlowCommands {
  readonly slowestMs: number;
  /** The slowest command. */
  readonly slowest: string;
  readonly overLimit: number;
}

/**
 * Makes Redis log every command that takes half a millisecond or more. `read` returns the commands
 * since then. Redis uses the wall clock: a command that is running while the machine does something
 * else is logged with that time too.
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
