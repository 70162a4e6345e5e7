import type { Contender } from "../contender.js";

/** Loaded when it is measured, so that each process loads only its own packages. */
export const CONTENDERS: Readonly<Record<string, () => Promise<Contender>>> = {
  lockstep: async () => (await import("./lockstep.js")).lockstep,
  "lockstep-redis": async () => (await import("./lockstep.js")).lockstepWithRedis,
  "lockstep-embedded": async () => (await import("./lockstep.js")).lockstepEmbedded,
  bullmq: async () => (await import("./bullmq.js")).bullmq,
  "bullmq-table": async () => (await import("./bullmq.js")).bullmqTable,
  "bullmq-postgres": async () => (await import("./bullmq.js")).bullmqPostgres,
  "graphile-worker": async () => (await import("./graphile-worker.js")).graphileWorker,
  "pg-boss": async () => (await import("./pg-boss.js")).pgBoss,
};
