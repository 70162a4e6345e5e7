import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import type { BullmqConfig } from "./config.js";

/** `there`: another process has added the job meanwhile. */
export type Enqueued = "added" | "there" | { readonly why: string };

/**
 * A data field that distinguishes a job added by the doctor from one that another process added
 * under the same id.
 */
const TRACE = "lockstep_doctor";

/**
 * Adds a job under an id with BullMQ's own library, so that it is added the way the installed
 * version does it. BullMQ adds nothing when a job with that id exists.
 */
export async function enqueue(redis: Redis, config: BullmqConfig, id: string): Promise<Enqueued> {
  if (config.enqueue === undefined)
    return { why: "the configuration does not say how a job is added: set enqueue for this view" };
  const library = await loadLibrary();
  if (library === null) return { why: "the package bullmq is not installed: npm install bullmq" };
  const queue = new library.Queue(config.queue, {
    connection: redis,
    prefix: config.prefix,
    // Opening a queue would overwrite the owner's library version with this one.
    skipMetasUpdate: true,
  });
  // The command that fails reports the error.
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
    // For example an id that BullMQ does not allow.
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
