import { z } from "zod";
import { StatusWords } from "../status-words.js";
import { CELERY_WORDS } from "./decode.js";

const Address = z.url({ protocol: /^rediss?$/, error: "must be a redis:// or rediss:// address" });

/** Celery's results in Redis, and its queues if they are in Redis too. */
export const CeleryConfig = z.strictObject({
  type: z.literal("celery"),
  /** Address of the result backend. */
  url: Address,
  /** Address of the broker, if it is a different database. */
  broker_url: Address.optional(),
  /**
   * The prefix of the results' keys before the task's id (`result_backend_transport_options:
   * global_keyprefix` included).
   */
  prefix: z.string().min(1).default("celery-task-meta-"),
  /** Queues in the broker. Empty: the broker is not Redis, or must not be read. */
  queues: z.array(z.string().min(1)).max(50).default(["celery"]),
  statuses: StatusWords.default(CELERY_WORDS),
});

export type CeleryConfig = z.output<typeof CeleryConfig>;
