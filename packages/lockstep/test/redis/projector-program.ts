/**
 * A projector in a separate process. Arguments: PostgreSQL's URL, Redis's URL. It reports when it
 * projects, and runs until it is killed.
 */
import { openDatabase } from "../../src/database/index.js";
import { openLedger } from "../../src/ledger/index.js";
import { connectRedis, createProjector } from "../../src/redis/index.js";

const [databaseUrl = "", redisUrl = ""] = process.argv.slice(2);
const redis = connectRedis({ url: redisUrl });
const ledger = openLedger(await openDatabase({ url: databaseUrl, poolSize: 3 }));
const projector = createProjector({ ledger, redis });
await projector.start();
const timer = setInterval(() => {
  if (projector.status().state !== "current") return;
  process.stdout.write("current\n");
  clearInterval(timer);
}, 20);
// The process that started it may have died without closing it.
process.stdin.on("end", () => process.exit(1)).resume();
