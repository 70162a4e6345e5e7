import { z } from "zod";
import { StatusWords } from "../status-words.js";
import { CELERY_WORDS } from "./decode.js";

const Address = z.url({ protocol: /^rediss?$/, error: "must be a redis:// or rediss:// address" });

/** Celery's results in Redis, and its queues where they are in Redis too. */
export const CeleryConfig = z.strictObject({
  type: z.literal("celery"),
  /** Of the result backend. */
  url: Address,
  /** Of the broker, when it is another one. */
  broker_url: Address.optional(),
  /** What comes before the task's id in the keys of the results (`result_backend_transport_options: global_keyprefix` included). */
  prefix: z.string().min(1).default("celery-task-meta-"),
  /** Queues in the broker. Empty: the broker is not Redis, or is not looked at. */
  queues: z.array(z.string().min(1)).max(50).default(["celery"]),
  statuses: StatusWords.default(CELERY_WORDS),
});

export type CeleryConfig = z.output<typeof CeleryConfig>;
