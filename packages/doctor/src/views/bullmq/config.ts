import { z } from "zod";
import { StatusWords } from "../status-words.js";
import { BULLMQ_WORDS } from "./states.js";

/** One queue of BullMQ 4, 5 or 6, in Redis. */
export const BullmqConfig = z.strictObject({
  type: z.literal("bullmq"),
  url: z.url({ protocol: /^rediss?$/, error: "must be a redis:// or rediss:// address" }),
  queue: z.string().min(1).max(256),
  prefix: z.string().min(1).max(256).default("bull"),
  /**
   * Whether finished jobs stay in the queue (`removeOnComplete` and `removeOnFail` are not set, and
   * nobody cleans it), so that a missing job was never added or was lost. Default: detected from
   * the queue; false when in doubt.
   */
  keeps_finished: z.boolean().optional(),
  /**
   * How a lost job is added again. `{id}` in the texts stands for the job's id. Default: lost jobs
   * are not added.
   */
  enqueue: z
    .strictObject({
      name: z.string().min(1),
      data: z.record(z.string(), z.unknown()).default({ id: "{id}" }),
    })
    .optional(),
  statuses: StatusWords.default(BULLMQ_WORDS),
});

export type BullmqConfig = z.output<typeof BullmqConfig>;
