import { durationMs } from "lockstep/internal/job";
import { z } from "zod";

/** Parses `250ms`, `30s`, `2m`, `1.5h` or `7d` into milliseconds. */
export const DurationText = z.string().transform((text, context) => {
  try {
    return durationMs(text);
  } catch {
    context.issues.push({ code: "custom", message: "must be a duration such as 30s", input: text });
    return z.NEVER;
  }
});
