import type { Design } from "./design.js";

/**
 * Designs that people build today, by name. Each brings its own packages, so it is loaded on
 * demand.
 */
export const DESIGNS: Readonly<Record<string, () => Promise<Design>>> = {
  "swallowed-write": async () => (await import("./with-table.js")).swallowedWrite,
  "from-memory": async () => (await import("./from-memory.js")).fromMemory,
  "bullmq-table": async () => (await import("./with-table.js")).bullmqWithTable,
  bullmq: async () => (await import("./bullmq-alone.js")).bullmqAlone,
  "pg-boss": async () => (await import("./pg-boss.js")).pgBoss,
  "graphile-worker": async () => (await import("./graphile-worker.js")).graphileWorker,
};
