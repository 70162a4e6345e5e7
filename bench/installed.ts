/**
 * Lockstep as it is installed, compiled. Run from its sources, the heartbeat's thread takes half a second to a second of a core for
 * compiling alone, while the jobs of a measurement run.
 */
const room = <Room>(path: string) =>
  import(new URL(`../dist/${path}`, import.meta.url).href) as Promise<Room>;

export const { openParts } = await room<typeof import("../packages/cli/src/lockstep.js")>("lockstep.js");
export const { defineJob } = await room<typeof import("lockstep/internal/job")>("job/index.js");
export const { createWorker } = await room<typeof import("lockstep/internal/worker")>("worker/index.js");
export const { openDatabase } = await room<typeof import("lockstep/internal/database")>("database/index.js");
export const { openLedger } = await room<typeof import("lockstep/internal/ledger")>("ledger/index.js");
export const { connectRedis, createProjector } =
  await room<typeof import("lockstep/internal/redis")>("redis/index.js");
