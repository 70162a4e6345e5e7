/**
 * Results in Redis, and an API that shows the status it remembers. Runs until it is stopped.
 *
 *   REDIS_URL=redis://127.0.0.1:6379/9 \
 *     npx tsx examples/doctor/result-keys-http/seed.ts
 */
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { Redis } from "ioredis";

/** What a check finds. */
export const PLANTED = { "stale-surface": 5 };

const JOBS = 30;
/**
 * The outdated status that the API remembers for the last few jobs: it was restarted, or another
 * process wrote the result.
 */
const REMEMBERED: Readonly<Record<number, string | null>> = {
  0: "Pending",
  1: "Pending",
  2: "Running",
  3: null,
  4: "Failed",
};

/** @returns the address of the API, with `{id}` */
export async function seed(
  urls: { readonly redis: string },
  port = 0,
): Promise<{ readonly statusUrl: string; close(): void }> {
  const redis = new Redis(urls.redis);
  const memory = new Map<string, string>();
  for (let number = 0; number < JOBS; number++) {
    const id = `dock-${number}`;
    const results = { num_poses: 9, best_score: -7.1 };
    await redis.set(`result:${id}`, JSON.stringify({ status: "completed", results }), "EX", 7 * 86_400);
    const remembered = number in REMEMBERED ? REMEMBERED[number] : "Completed";
    if (remembered) memory.set(id, remembered);
  }
  redis.disconnect();

  const server = createServer((request, response) => {
    const id = decodeURIComponent((request.url ?? "").replace("/api/status/", ""));
    const status = memory.get(id);
    response.writeHead(status === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(status === undefined ? { error: "no such job" } : { job_id: id, status }));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  const listening = typeof address === "object" && address !== null ? address.port : port;
  return {
    statusUrl: `http://127.0.0.1:${listening}/api/status/{id}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { REDIS_URL } = process.env;
  if (!REDIS_URL) throw new Error("set REDIS_URL to a database that may be filled");
  const { statusUrl } = await seed({ redis: REDIS_URL }, 8_099);
  process.stdout.write(`STATUS_URL='${statusUrl}'\n`);
}
