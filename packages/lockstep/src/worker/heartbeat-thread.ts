/**
 * Program of the heartbeat thread: sends heartbeats on its own connection until it is asked to
 * stop.
 */
import { parentPort, workerData } from "node:worker_threads";
import { openDatabase } from "../database/index.js";
import { openLedger } from "../ledger/index.js";
import { createLoop } from "../timing/index.js";
import { msSince } from "./heartbeat.js";
import {
  type HeartbeatMessage,
  type HeartbeatThreadData,
  LAST_BEAT,
  LAST_PULSE,
} from "./heartbeat-protocol.js";

const data = workerData as HeartbeatThreadData;
const times = new BigInt64Array(data.times);
const database = await openDatabase({
  url: data.databaseUrl,
  ...(data.schema === null ? {} : { schema: data.schema }),
  poolSize: 1,
  applicationName: "lockstep heartbeat",
});
const ledger = openLedger(database);

const beats = createLoop(async () => {
  if (msSince(Atomics.load(times, LAST_PULSE)) > data.blockedMsMax) return data.retryMs;
  // The time it was sent, not the time it was answered: the ledger counts from a moment in between.
  const sentAt = process.hrtime.bigint();
  const outcome = await beat();
  if (outcome === "beat") Atomics.store(times, LAST_BEAT, sentAt);
  parentPort?.postMessage(outcome);
  return outcome === "beat" ? data.beatMs : data.retryMs;
});
beats.start();

async function beat(): Promise<HeartbeatMessage> {
  try {
    return (await ledger.heartbeat(data.workerId)) ? "beat" : "gone";
  } catch {
    return "failed"; // The main thread sees the age grow and reacts.
  }
}

parentPort?.once("message", async () => {
  await beats.stop();
  await ledger.close();
  await database.close();
});
