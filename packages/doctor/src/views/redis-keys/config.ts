import { STATUSES } from "lockstep/internal/job";
import { z } from "zod";
import { DurationText } from "../../config/durations.js";
import { JsonFields } from "../json-fields.js";
import { StatusWords } from "../status-words.js";
import { Zone } from "../times.js";

/**
 * A Redis key for each job, such as `result:{id}`: a string of JSON, or a hash with a field for
 * each member.
 */
export const RedisKeysConfig = z.strictObject({
  type: z.literal("redis-keys"),
  url: z.url({ protocol: /^rediss?$/, error: "must be a redis:// or rediss:// address" }),
  /** Pattern of the keys' names; contains `{id}` once. */
  pattern: z.string().refine((text) => text.split("{id}").length === 2, { error: "must contain {id} once" }),
  kind: z.enum(["string", "hash"]).default("string"),
  /**
   * Whether keys expire, so that a missing key proves nothing. Default: detected from a sample of
   * keys; true when in doubt.
   */
  expires: z.boolean().optional(),
  /** `surface`: the keys are a copy for display, and no evidence of the outcome of a job. */
  role: z.enum(["queue", "surface"]).default("queue"),
  /**
   * The status of a value that has none; the whole value is then the job's result. Default: such
   * values are counted and skipped.
   */
  without_status: z.enum(STATUSES).optional(),
  fields: JsonFields,
  statuses: StatusWords,
  zone: Zone,
  heartbeat: DurationText.prefault("1m"),
});

export type RedisKeysConfig = z.output<typeof RedisKeysConfig>;
