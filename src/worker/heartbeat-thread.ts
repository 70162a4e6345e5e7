/** The program of the heartbeat thread: beats on a connection of its own until it is told to stop. */
import { parentPort, workerData } from "node:worker_threads";
import { openDatabase } from "../database/index.js";
import { openLedger } from "../ledger/index.js";
import type { HeartbeatMessage, HeartbeatThreadData } from "./heartbeat.js";
import { repeat } from "./repeat.js";

const { databaseUrl, workerId, beatMs, retryMs, lastBeat } = workerData as HeartbeatThreadData;
const shared = new BigInt64Array(lastBeat);
const database = await openDatabase({ url: databaseUrl, poolSize: 1, applicationName: "lockstep heartbeat" });
const ledger = openLedger(database);

const tell = (message: HeartbeatMessage) => parentPort?.postMessage(message);

const beats = repeat(async () => {
  // The time it was sent, not the time it was answered: the ledger counts from a moment in between.
  const sentAt = process.hrtime.bigint();
  try {
    const known = await ledger.heartbeat(workerId);
    if (known) Atomics.store(shared, 0, sentAt);
    tell(known ? "beat" : "gone");
    return known ? beatMs : retryMs;
  } catch {
    tell("failed"); // The main thread sees the age grow and acts on that.
    return retryMs;
  }
});

parentPort?.once("message", async () => {
  await beats.stop();
  await ledger.close();
  await database.close();
});
