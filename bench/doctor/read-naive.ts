import { Redis } from "ioredis";
import pg from "pg";
import { KEY } from "./plant-pairs.js";

/** What people usually write: all ids of the hash, then one lookup and one query for each. */
const { databaseUrl, redisUrl, pairs } = JSON.parse(process.argv[2] ?? "{}") as {
  databaseUrl: string;
  redisUrl: string;
  pairs: number;
};
const database = new pg.Client({ connectionString: databaseUrl });
await database.connect();
const redis = new Redis(redisUrl);
const ids = (await redis.hkeys(KEY)).slice(0, pairs);
const began = performance.now();
let drifting = 0;
for (const id of ids) {
  const job = JSON.parse((await redis.hget(KEY, id)) ?? "null") as { status: string } | null;
  const { rows } = await database.query(`select status from "ScanJob" where id = $1`, [id]);
  if (rows[0]?.status !== job?.status) drifting += 1;
}
const seconds = (performance.now() - began) / 1_000;
redis.disconnect();
await database.end();
console.log(JSON.stringify({ drifting, seconds }));
