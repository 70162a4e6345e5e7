import { z } from "zod";
import { StatusWords } from "../status-words.js";
import { RQ_WORDS } from "./decode.js";

/** The jobs of RQ (Python), in Redis. */
export const RqConfig = z.strictObject({
  type: z.literal("rq"),
  url: z.url({ protocol: /^rediss?$/, error: "must be a redis:// or rediss:// address" }),
  /** Only jobs of these queues. Default: all queues. */
  queues: z.array(z.string().min(1)).min(1).max(100).optional(),
  statuses: StatusWords.default(RQ_WORDS),
});

export type RqConfig = z.output<typeof RqConfig>;
