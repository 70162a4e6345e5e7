/**
 * A projector in a separate process, as a server runs it beside the workers. Arguments:
 * PostgreSQL's URL, Redis's URL.
 */

import { openDatabase } from "lockstep/internal/database";
import { openLedger } from "lockstep/internal/ledger";
import { connectRedis, createProjector } from "lockstep/internal/redis";

const [databaseUrl = "", redisUrl = ""] = process.argv.slice(2);
const database = await openDatabase({ url: databaseUrl, poolSize: 3 });
const redis = connectRedis({ url: redisUrl });
const ledger = openLedger(database, { leaseSeconds: 30 });
const projector = createProjector({ ledger, redis });
await projector.start();

process.once("message", async () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ ...projector.status(), cpuSeconds: (user + system) / 1e6, rssMiB: rssMiB() });
  await projector.stop();
  await ledger.close();
  await redis.close();
  await database.close();
  process.disconnect();
});

function rssMiB(): number {
  return process.memoryUsage.rss() / 1_048_576;
}
