import { z } from "zod";
import { NonRetryableError } from "../errors.js";
import type { Json } from "../job/index.js";

/**
 * Checks a job's input against its definition. Almost every schema answers synchronously, which
 * saves a promise per job.
 * @throws NonRetryableError INVALID_INPUT, also through the promise
 */
export function parseInput(schema: z.ZodType, input: Json): unknown {
  try {
    return parsed(schema.safeParse(input));
  } catch (error) {
    if (!(error instanceof z.core.$ZodAsyncError)) throw error;
    return schema.safeParseAsync(input).then(parsed);
  }
}

function parsed(result: z.ZodSafeParseResult<unknown>): unknown {
  if (result.success) return result.data;
  throw new NonRetryableError(
    `The input does not match the kind's schema: ${z.prettifyError(result.error)}`,
    {
      code: "INVALID_INPUT",
    },
  );
}
