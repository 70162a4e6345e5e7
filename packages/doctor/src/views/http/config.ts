import { z } from "zod";
import { DurationText } from "../../config/durations.js";
import { JsonFields } from "../json-fields.js";
import { StatusWords } from "../status-words.js";
import { Zone } from "../times.js";
import { validateTemplate } from "./address.js";

/** An endpoint that shows the status of one job as JSON, such as `http://host/api/status/{id}`. */
export const HttpConfig = z.strictObject({
  type: z.literal("http"),
  /** Contains `{id}` once, in the path or the query. */
  url: z.string().check((context) => {
    const issue = validateTemplate(context.value);
    if (issue !== null) context.issues.push({ code: "custom", message: issue, input: context.value });
  }),
  /** Headers of each request; write secrets as `${NAME}`. */
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().max(4_096)).default({}),
  /** Number of concurrent requests. */
  concurrency: z.int().min(1).max(64).default(8),
  /** Time limit for one whole answer. */
  timeout: DurationText.prefault("5s"),
  /** HTTP status codes that mean that there is no such job. */
  absent: z.array(z.int().min(400).max(499)).default([404, 410]),
  fields: JsonFields,
  statuses: StatusWords,
  zone: Zone,
});

export type HttpConfig = z.output<typeof HttpConfig>;
