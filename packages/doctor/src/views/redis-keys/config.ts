import { STATUSES } from "lockstep/internal/job";
import { z } from "zod";
import { DurationText } from "../../config/durations.js";
import { JsonFields } from "../json-fields.js";
import { StatusWords } from "../status-words.js";
import { Zone } from "../times.js";

/** A Redis key for each job, such as `result:{id}`: a string of JSON, or a hash with a field for each member. */
export const RedisKeysConfig = z.strictObject({
  type: z.literal("redis-keys"),
  url: z.url({ protocol: /^rediss?$/, error: "must be a redis:// or rediss:// address" }),
  /** What the keys are called, with `{id}` once. */
  pattern: z.string().refine((text) => text.split("{id}").length === 2, { error: "must hold {id} once" }),
  kind: z.enum(["string", "hash"]).default("string"),
  /** Whether keys expire, so that one that is missing says nothing. Default: found out from some of them, in doubt yes. */
  expires: z.boolean().optional(),
  /** `surface`: the keys are a copy that is shown, and no evidence of what became of a job. */
  role: z.enum(["queue", "surface"]).default("queue"),
  /** What a value without a status means, which then is the job's result as a whole. Default: such values are counted and skipped. */
  without_status: z.enum(STATUSES).optional(),
  fields: JsonFields,
  statuses: StatusWords,
  zone: Zone,
  heartbeat: DurationText.prefault("1m"),
});

export type RedisKeysConfig = z.output<typeof RedisKeysConfig>;
