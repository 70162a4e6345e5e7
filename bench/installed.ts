/**
 * Lockstep as it is installed, compiled. Run from its sources, the heartbeat's thread takes half a second to a second of a core for
 * compiling alone, while the jobs of a measurement run.
 */
const room = <Room>(path: string) =>
  import(new URL(`../dist/${path}`, import.meta.url).href) as Promise<Room>;

export const { openParts } = await room<typeof import("../src/lockstep.js")>("lockstep.js");
export const { defineJob } = await room<typeof import("../src/job/index.js")>("job/index.js");
export const { createWorker } = await room<typeof import("../src/worker/index.js")>("worker/index.js");
export const { openDatabase } = await room<typeof import("../src/database/index.js")>("database/index.js");
export const { openLedger } = await room<typeof import("../src/ledger/index.js")>("ledger/index.js");
export const { connectRedis, createProjector } =
  await room<typeof import("../src/redis/index.js")>("redis/index.js");
