import { Redis } from "ioredis";
import type { Work } from "../system.js";
import { addAll, openQueue, type Steps, startBullWorker } from "./bullmq-parts.js";
import { ABSENT, type Answer, type Design, type Servers } from "./design.js";
import { versionOf } from "./version.js";

const CHANNEL = "done";

function connect({ redisUrl }: Servers): Redis {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 });
  redis.on("error", () => undefined);
  return redis;
}

function publishing(redis: Redis): Steps {
  const publish = async (work: Work, answer: Answer) => {
    const text = JSON.stringify(answer);
    await redis.set(`result:${work.key}`, text);
    await redis.publish(CHANNEL, JSON.stringify({ key: work.key, ...answer }));
  };
  return {
    before: async () => undefined,
    after: (work, output) => publish(work, { status: "completed", output }),
    failed: async (work, isLast) => {
      if (isLast) await publish(work, { status: "failed" }).catch(() => undefined);
    },
  };
}

/** The API that answers from its own memory. It gets results by pub/sub, if a message arrives. */
export const fromMemory: Design = {
  name: "API from memory",
  version: versionOf("bullmq"),
  apiProcesses: 1,
  prepare: async () => undefined,
  async startApi(servers) {
    const memory = new Map<string, Answer>();
    const queue = openQueue(servers);
    const heard = connect(servers);
    await heard.subscribe(CHANNEL);
    heard.on("message", (_channel: string, text: string) => {
      const { key, ...answer } = JSON.parse(text) as Answer & { key: string };
      memory.set(key, answer);
    });
    return {
      async submit(works) {
        await addAll(queue, works);
        for (const work of works) if (!memory.has(work.key)) memory.set(work.key, { status: "pending" });
      },
      status: async (key) => memory.get(key) ?? ABSENT,
    };
  },
  async startWorker(servers) {
    startBullWorker(servers, publishing(connect(servers)));
  },
  async openViews(servers) {
    const redis = connect(servers);
    const read = async (key: string): Promise<Answer> => {
      const text = await redis.get(`result:${key}`);
      return text === null ? { status: "pending" } : (JSON.parse(text) as Answer);
    };
    return { views: { redis: read }, close: async () => redis.disconnect() };
  },
};
