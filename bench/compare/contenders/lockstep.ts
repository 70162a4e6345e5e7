import type { Service } from "@lockstep/server/internal/service";
import { openService } from "@lockstep/server/internal/service";
import { defineJob } from "lockstep";
import { connectRedis, createProjector } from "lockstep/internal/redis";
import pino from "pino";
import { z } from "zod";
import { type Contender, type Input, type OpenContender, RESULT, type Servers } from "../contender.js";

const EMPTY =
  "select not exists (select from lockstep.running_jobs) and not exists (select from lockstep.jobs where ready_at is not null) as done";

/** Lockstep with everything on: full history, the triggers, and a log row for every change. */
const contender = (name: string, mode: "postgres" | "with redis" | "embedded"): Contender => ({
  name,
  version: "this commit",
  promises: {
    durable: mode === "embedded" ? "yes, in a local folder" : "yes, fsync",
    history: "every change, permanently",
    running: "true: no prefetch",
  },
  uses: { postgres: mode !== "embedded", redis: mode === "with redis" },
  open: (servers) => open(servers, mode),
});

async function open(servers: Servers, mode: "postgres" | "with redis" | "embedded"): Promise<OpenContender> {
  const runtime = await openService({
    databaseUrl: mode === "embedded" ? null : servers.databaseUrl,
    redisUrl: mode === "with redis" ? servers.redisUrl : null,
    dataDir: servers.dataDir,
    leaseSeconds: 30,
    logger: pino({ level: "silent" }),
  });
  const stopCopies =
    mode === "with redis" ? await startCopies(runtime, servers.redisUrl) : async () => undefined;
  const request = (input: Input) => ({ kind: "noop", input });
  return {
    submitMany: async (inputs) => void (await runtime.ledger.submitMany(inputs.map(request))),
    submitOne: async (input) => (await runtime.ledger.submit(request(input))).job.id,
    async work(onRun) {
      const noop = defineJob({
        kind: "noop",
        input: z.looseObject({}),
        run: (input) => {
          onRun(input as unknown as Input);
          return RESULT;
        },
      });
      await runtime.startWorker({ definitions: [noop], concurrency: servers.concurrency, queues: [] });
    },
    isVisiblyDone: async (id) => (await runtime.ledger.get(id))?.status === "completed",
    async isEmpty() {
      const { rows } = await runtime.database.query<{ done: boolean }>(EMPTY);
      return rows[0]?.done ?? false;
    },
    async close() {
      await stopCopies();
      await runtime.close();
    },
  };
}

/** As a server does: the projector beside the worker, here in the same process. */
async function startCopies({ ledger }: Service, redisUrl: string): Promise<() => Promise<void>> {
  const redis = connectRedis({ url: redisUrl });
  const projector = createProjector({ ledger, redis });
  await projector.start();
  return async () => {
    await projector.stop();
    await redis.close();
  };
}

export const lockstep = contender("Lockstep on PostgreSQL", "postgres");
export const lockstepWithRedis = contender("Lockstep + Redis", "with redis");
export const lockstepEmbedded = contender("Lockstep embedded", "embedded");
