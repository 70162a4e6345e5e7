import { z } from "zod";
import { DurationText } from "../../config/durations.js";
import { JsonFields } from "../json-fields.js";
import { StatusWords } from "../status-words.js";
import { Zone } from "../times.js";

/** A Redis hash whose fields are job ids and whose values are JSON, such as `scan_jobs:jobs`. */
export const RedisHashConfig = z.strictObject({
  type: z.literal("redis-hash"),
  url: z.url({ protocol: /^rediss?$/, error: "must be a redis:// or rediss:// address" }),
  key: z.string().min(1),
  /**
   * Lists of ids beside the hash. A pending job must be in one of them, or no worker will run it.
   */
  lists: z
    .strictObject({ pending: z.string().min(1).optional(), processing: z.string().min(1).optional() })
    .prefault({}),
  fields: JsonFields,
  statuses: StatusWords,
  zone: Zone,
  heartbeat: DurationText.prefault("1m"),
});

export type RedisHashConfig = z.output<typeof RedisHashConfig>;
