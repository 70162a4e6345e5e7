import { addAll, openQueue, queueAnswer, type Steps, startBullWorker } from "./bullmq-parts.js";
import type { Design } from "./design.js";
import { openTable, type Table } from "./table.js";
import { versionOf } from "./version.js";

const swallow = (): void => undefined;

/**
 * The worker that logs the error of its database write and continues: the queue says completed, the
 * table never does.
 */
const swallowing = (table: Table): Steps => ({
  before: (work) => table.set(work.key, "IN_PROGRESS").catch(swallow),
  after: (work, output) => table.set(work.key, "COMPLETED", output).catch(swallow),
  failed: (work, isLast) => table.set(work.key, isLast ? "FAILED" : "PENDING").catch(swallow),
});

/** The same by a careful author: a database error fails the attempt, and the queue retries. */
const throwing = (table: Table): Steps => ({
  before: (work) => table.set(work.key, "IN_PROGRESS"),
  after: (work, output) => table.set(work.key, "COMPLETED", output),
  // An event of the queue: there is no caller left that could get an error.
  failed: (work, isLast) => table.set(work.key, isLast ? "FAILED" : "PENDING").catch(swallow),
});

const withTable = (name: string, stepsOf: (table: Table) => Steps): Design => ({
  name,
  version: versionOf("bullmq"),
  apiProcesses: 2,
  async prepare(servers) {
    const table = openTable(servers);
    await table.create();
    await table.close();
  },
  async startApi(servers) {
    const [table, queue] = [openTable(servers), openQueue(servers)];
    return {
      async submit(works) {
        await table.insert(works);
        await addAll(queue, works);
      },
      status: (key) => table.read(key),
    };
  },
  async startWorker(servers) {
    startBullWorker(servers, stepsOf(openTable(servers)));
  },
  async openViews(servers) {
    const [table, queue] = [openTable(servers), openQueue(servers)];
    return {
      views: { table: (key) => table.read(key), queue: (key) => queueAnswer(queue, key) },
      close: async () => void (await Promise.allSettled([table.close(), queue.disconnect()])),
    };
  },
});

export const swallowedWrite = withTable("swallowed write", swallowing);
export const bullmqWithTable = withTable("BullMQ + table", throwing);
