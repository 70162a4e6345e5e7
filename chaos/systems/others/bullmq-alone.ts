import { addAll, openQueue, queueAnswer, startBullWorker } from "./bullmq-parts.js";
import type { Design } from "./design.js";
import { versionOf } from "./version.js";

/** The status is read from the queue itself. */
export const bullmqAlone: Design = {
  name: "BullMQ",
  version: versionOf("bullmq"),
  apiProcesses: 2,
  prepare: async () => undefined,
  async startApi(servers) {
    const queue = openQueue(servers);
    return { submit: (works) => addAll(queue, works), status: (key) => queueAnswer(queue, key) };
  },
  async startWorker(servers) {
    startBullWorker(servers, null);
  },
  async openViews(servers) {
    const queue = openQueue(servers);
    return {
      views: { queue: (key) => queueAnswer(queue, key) },
      close: async () => void (await queue.disconnect()),
    };
  },
};
