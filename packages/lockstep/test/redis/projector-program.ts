/** A projector in a process of its own. Arguments: PostgreSQL's URL, Redis's URL. It says when it projects, and goes on until it is killed. */
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
// Whoever started it may have died without a word.
process.stdin.on("end", () => process.exit(1)).resume();
