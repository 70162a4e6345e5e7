import { Redis } from "ioredis";

/** Has Redis note every command that keeps it busy for half a millisecond. `read` gives the longest since. */
export async function slowestCommandMs(url: string): Promise<{ read(): Promise<number> }> {
  const redis = new Redis(url);
  await redis.config("SET", "slowlog-log-slower-than", "500");
  await redis.config("SET", "slowlog-max-len", "10000");
  await redis.slowlog("RESET");
  return {
    async read() {
      const entries = (await redis.slowlog("GET", 10_000)) as readonly (readonly [number, number, number])[];
      redis.disconnect();
      return Math.max(0, ...entries.map(([, , micros]) => micros)) / 1_000;
    },
  };
}
