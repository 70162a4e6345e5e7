import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import type { BullmqConfig } from "./config.js";

/** `there`: somebody else has added it meanwhile. */
export type Enqueued = "added" | "there" | { readonly why: string };

/** A field of the data by which an added job is told from one that somebody else added under the same id. */
const TRACE = "lockstep_doctor";

/**
 * Adds a job under an id with BullMQ's own library, so that it is added the way the installed version does it. BullMQ adds nothing
 * when there is a job of that id.
 */
export async function enqueue(redis: Redis, config: BullmqConfig, id: string): Promise<Enqueued> {
  if (config.enqueue === undefined)
    return { why: "the configuration does not say how a job is added (enqueue)" };
  const library = await loadLibrary();
  if (library === null) return { why: "the package bullmq is not installed" };
  const queue = new library.Queue(config.queue, {
    connection: redis,
    prefix: config.prefix,
    // Opening a queue would write the version of this library over that of the queue's owner.
    skipMetasUpdate: true,
  });
  // The command that fails says so.
  queue.on("error", () => undefined);
  const trace = randomUUID();
  const data = { ...filledIn(config.enqueue.data, id), [TRACE]: trace };
  try {
    await queue.add(config.enqueue.name, data, { jobId: id });
    const job = await queue.getJob(id);
    const added: unknown = job?.data;
    const isOurs = typeof added === "object" && added !== null && Reflect.get(added, TRACE) === trace;
    return isOurs ? "added" : "there";
  } catch (error) {
    // Such as an id that BullMQ does not allow.
    if (error instanceof Error && error.message.startsWith("Custom Id")) return { why: error.message };
    throw error;
  } finally {
    await queue.close();
  }
}

async function loadLibrary(): Promise<typeof import("bullmq") | null> {
  try {
    return await import("bullmq");
  } catch {
    return null;
  }
}

function filledIn(template: Readonly<Record<string, unknown>>, id: string): Record<string, unknown> {
  const fill = (value: unknown): unknown => {
    if (typeof value === "string") return value.replaceAll("{id}", () => id);
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item)]));
  };
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fill(value)]));
}
